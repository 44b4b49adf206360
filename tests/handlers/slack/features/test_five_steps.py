"""A whole good escalation, press by press, and what it asks at its end."""

from bot.case import Status
from tests.builders import berlin
from tests.handlers.actions import SOLVED, is_claimed
from tests.world import SUPPORT, TEAM, World

GOODWILL = "Goodwill, in EUR (above 100 a lead approves)"
LEFT_OUT = "Left out: the history, a talk with the customer and an offer. Why?"
GENEROUS = TEAM + "\n[goodwill]\nlimit = 100\n"


async def test_five_steps_are_one_line_and_one_button_on_the_card(world: World) -> None:
    await world.applies(GENEROUS)
    await is_claimed(world)
    assert "○ history  ·  ○ contacted" in world.card.text
    await world.maya.presses("Next: History reviewed", on=world.card)
    await world.settle()
    await world.maya.presses("Next: Contact", on=world.card)
    await world.maya.submits(What_was_said="They are <upset>")
    await world.settle()
    assert "spoke with the customer by phone:" in world.maya.thread(world.card)[-1].text
    await world.maya.presses("Next: Facts", on=world.card)
    await world.maya.submits(What_are_the_facts="Billed twice", What_was_the_root_cause="A bug")
    await world.settle()
    await world.maya.presses("Next: Offer", on=world.card)
    await world.maya.fills({"In words": "Money back", GOODWILL: "1x"})
    await world.maya.submits()
    assert "Please write a whole number" in "".join(world.maya.errors.values())
    await world.maya.fills({GOODWILL: "250"})
    await world.maya.submits(times=2)
    await world.settle()
    assert "A lead is to approve 250 EUR of goodwill." in world.card.text
    await world.leo.presses("Approve", on=world.leo.dms()[-1])
    await world.settle()
    assert "approves 250 EUR of goodwill for your case" in world.maya.dms()[-1].text
    assert "✓ history  ·  ✓ contacted  ·  ✓ facts  ·  ✓ offer  ·  ○ written" in world.card.text

    await world.maya.presses("Resolve", on=world.card)
    assert world.maya.modal is not None
    assert "Left out" not in world.maya.modal.words
    assert "A bug" in str(world.maya.modal.view)
    await world.maya.fills(
        {"What was the outcome?": "Paid back", "How will we prevent it?": "A test"}
    )
    await world.maya.fills({"By which day?": "2026-03-02", "Who sees to it?": "Ben"})
    await world.maya.submits()
    assert list(world.maya.errors) == ["By which day?"]
    await world.maya.fills({"By which day?": "2026-03-16"})
    await world.maya.submits()
    await world.settle()
    assert (await world.case()).status is Status.RESOLVED
    await world.until(berlin("2026-03-16 09:00"))
    due = world.ben.dms()[-1]
    assert "is due. Is it done?" in due.text
    await world.ben.presses("Done", on=due)
    await world.settle()
    assert "has done the prevention" in world.maya.thread(world.cards()[0])[-1].text
    posts = [call.args for call in world.slack.calls.to("chat.postMessage")]
    cards = [it for it in posts if it["channel"] == SUPPORT and "ESC-1 ·" in it["text"]]
    assert len(cards) == 1


async def test_a_lead_who_would_not_give_so_much_says_what_instead(quick_world: World) -> None:
    world = quick_world
    await world.applies(GENEROUS)
    await is_claimed(world)
    for step in ("History", "Contact", "Facts"):
        await world.maya.presses("More", on=world.card)
        await world.maya.presses("Skip a step")
        await world.maya.submits(Why_is_it_not_needed=f"{step} is plain")
        await world.settle()
    await world.maya.presses("Next: Offer", on=world.card)
    await world.maya.fills({"In words": "Money back", GOODWILL: "250"})
    await world.maya.submits()
    await world.settle()
    asked = world.leo.dms()[-1]
    await world.leo.presses("Decline", on=asked)
    await world.leo.submits(What_should_they_offer_instead="Fifty, and a call")
    await world.settle()
    told = world.maya.dms()[-1]
    assert "<@U0LEO> does not approve 250 EUR of goodwill for your case" in told.text
    assert "Fifty, and a call" in told.text
    await world.maya.presses("Offer", on=told)
    await world.maya.fills({"In words": "A part", GOODWILL: "50"})
    await world.maya.submits()
    await world.settle()
    assert "✓ offer" in world.card.text
    await world.leo.presses("Approve", on=asked)
    assert "ESC-1 has no goodwill request waiting for approval." in world.leo.ephemerals[-1]


async def test_resolving_at_once_asks_why_the_rest_was_left_out(quick_world: World) -> None:
    world = quick_world
    await is_claimed(world)
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(SOLVED)
    await world.maya.fills({LEFT_OUT: "They only had a question"})
    await world.maya.submits()
    await world.settle()
    told = [message.text for message in world.maya.thread(world.card)]
    assert any("left out the history, a talk with the customer and an offer" in it for it in told)
    assert any("They only had a question" in it for it in told)


async def test_a_step_is_skipped_with_a_reason(quick_world: World) -> None:
    world = quick_world
    await is_claimed(world)
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Skip a step")
    await world.maya.submits(Why_is_it_not_needed="I know them well")
    await world.settle()
    assert "↷ history  ·  ○ contacted" in world.card.text
    await world.ben.presses("Next: Contact", on=world.card)
    assert world.ben.modal is None
    assert "<@U0MAYA>, who owns this case" in world.ben.ephemerals[-1]
