"""The five steps of an escalation: each one on the card, goodwill, skipping, resolving."""

from bot.case import Status
from tests.builders import berlin
from tests.handlers.actions import SOLVED, escalates_and_claims
from tests.world import SUPPORT, TEAM, World

GOODWILL = "Goodwill in EUR (a lead approves more than 100)"
SKIPPED = "Not done: the history review, customer contact and an offer. Why?"
WITH_GOODWILL = TEAM + "\n[goodwill]\nlimit = 100\n"


async def test_the_card_shows_the_five_steps_in_a_line_with_a_button_for_the_next_one(
    world: World,
) -> None:
    await world.applies(WITH_GOODWILL)
    await escalates_and_claims(world)
    assert "○ history  ·  ○ contact" in world.card.text
    await world.maya.presses("Next: History reviewed", on=world.card)
    await world.settle()
    await world.maya.presses("Next: Contact", on=world.card)
    await world.maya.submits(What_was_said="They are <upset>")
    await world.settle()
    assert "contacted the customer by phone:" in world.maya.thread(world.card)[-1].text
    await world.maya.presses("Next: Facts", on=world.card)
    await world.maya.submits(What_are_the_facts="Billed twice", What_was_the_root_cause="A bug")
    await world.settle()
    await world.maya.presses("Next: Offer", on=world.card)
    await world.maya.fills({"Details": "Money back", GOODWILL: "1x"})
    await world.maya.submits()
    assert "Please write a whole number" in "".join(world.maya.errors.values())
    await world.maya.fills({GOODWILL: "250"})
    await world.maya.submits(times=2)
    await world.settle()
    assert "Waiting for a lead's approval: 250 EUR in goodwill" in world.card.text
    await world.leo.presses("Approve", on=world.leo.dms()[-1])
    await world.settle()
    assert "approved 250 EUR in goodwill for your case" in world.maya.dms()[-1].text
    assert "✓ history  ·  ✓ contact  ·  ✓ facts  ·  ✓ offer  ·  ○ outcome" in world.card.text

    await world.maya.presses("Resolve", on=world.card)
    assert world.maya.modal is not None
    assert "Skipped" not in world.maya.modal.words
    assert "A bug" in str(world.maya.modal.view)
    await world.maya.fills(
        {"What was the outcome?": "Paid back", "How will we prevent it?": "A test"}
    )
    await world.maya.fills({"Prevention due by": "2026-03-02", "Prevention owner": "Ben"})
    await world.maya.submits()
    assert list(world.maya.errors) == ["Prevention due by"]
    await world.maya.fills({"Prevention due by": "2026-03-16"})
    await world.maya.submits()
    await world.settle()
    assert (await world.case()).status is Status.RESOLVED
    await world.until(berlin("2026-03-16 09:00"))
    due = world.ben.dms()[-1]
    assert "is due. Is it done?" in due.text
    await world.ben.presses("Done", on=due)
    await world.settle()
    assert "completed the preventive action" in world.maya.thread(world.cards()[0])[-1].text
    posts = [call.args for call in world.slack.calls.to("chat.postMessage")]
    cards = [it for it in posts if it["channel"] == SUPPORT and "ESC-1 ·" in it["text"]]
    assert len(cards) == 1


async def test_a_lead_who_declines_goodwill_says_what_to_offer_instead(quick_world: World) -> None:
    world = quick_world
    await world.applies(WITH_GOODWILL)
    await escalates_and_claims(world)
    for step in ("History", "Contact", "Facts"):
        await world.maya.presses("More", on=world.card)
        await world.maya.presses("Skip a step")
        await world.maya.submits(Why_is_it_not_needed=f"{step} is clear")
        await world.settle()
    await world.maya.presses("Next: Offer", on=world.card)
    await world.maya.fills({"Details": "Money back", GOODWILL: "250"})
    await world.maya.submits()
    await world.settle()
    request = world.leo.dms()[-1]
    await world.leo.presses("Decline", on=request)
    await world.leo.submits(What_should_the_owner_offer_instead="Fifty, and a call")
    await world.settle()
    refusal = world.maya.dms()[-1]
    assert "<@U0LEO> declined 250 EUR in goodwill for your case" in refusal.text
    assert "Fifty, and a call" in refusal.text
    await world.maya.presses("Offer", on=refusal)
    await world.maya.fills({"Details": "A part", GOODWILL: "50"})
    await world.maya.submits()
    await world.settle()
    assert "✓ offer" in world.card.text
    await world.leo.presses("Approve", on=request)
    assert "ESC-1 has no goodwill request waiting for approval." in world.leo.ephemerals[-1]


async def test_resolving_early_asks_why_the_other_steps_are_skipped(quick_world: World) -> None:
    world = quick_world
    await escalates_and_claims(world)
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(SOLVED)
    await world.maya.fills({SKIPPED: "They only had a question"})
    await world.maya.submits()
    await world.settle()
    notes = [message.text for message in world.maya.thread(world.card)]
    assert any("skipped the history review, customer contact and an offer" in it for it in notes)
    assert any("They only had a question" in it for it in notes)


async def test_a_step_is_skipped_with_a_reason(quick_world: World) -> None:
    world = quick_world
    await escalates_and_claims(world)
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Skip a step")
    await world.maya.submits(Why_is_it_not_needed="I know them well")
    await world.settle()
    assert "↷ history  ·  ○ contact" in world.card.text
    await world.ben.presses("Next: Contact", on=world.card)
    assert world.ben.modal is None
    assert "<@U0MAYA>, who owns this case" in world.ben.ephemerals[-1]
