"""The main flow, end to end: escalate, nudge, claim, resolve, digest."""

from datetime import timedelta

from bot.case import Status
from handlers.jobs.tick import tick_due_cases
from handlers.sandbox import Message
from tests.builders import berlin
from tests.world import SUPPORT, World

RESOLUTION = {
    "What was the outcome?": "They can log in again",
    "What was the root cause?": "An expired certificate",
    "How will we prevent it?": "We watch the date now",
}


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


async def claimed(world: World) -> Message:
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    return world.card


async def test_an_escalated_case_becomes_one_card_in_the_teams_channel(world: World) -> None:
    await world.escalates(
        world.ana,
        **{
            "Category": "Outage",
            "Ticket link": "https://desk.example.com/4711",
            "Source": "Phone",
            "What does the customer want?": "A call back",
        },
    )
    card = world.card
    for part in ("ESC-1 · Acme", "Urgent", "Risk", "Outage", "Phone", "Nobody can log in"):
        assert part in card.text
        assert part in card.words
    assert "<https://desk.example.com/4711>" in card.text
    assert "<@U0ANA>" in card.text
    [summary] = world.maya.thread(card)[1:]
    assert "Nobody can log in" in summary.text
    assert "A call back" in summary.text
    [receipt] = world.ana.dms()
    assert "ESC-1" in receipt.text
    assert "is with Support in <#C0SUPPORT>." in receipt.text


async def test_the_reporter_is_notified_of_a_claim_and_a_resolution_and_can_reopen(
    world: World,
) -> None:
    card = await claimed(world)
    assert "Owner: <@U0MAYA>" in card.text
    assert "<@U0MAYA> claimed your case *ESC-1*" in texts(world.ana.dms())[-1]

    await world.maya.presses("Resolve", on=card)
    await world.maya.fills(RESOLUTION)
    await world.maya.submits()
    await world.settle()
    assert "They can log in again" in world.card.text
    message = texts(world.ana.dms())[-1]
    assert "resolved your case *ESC-1*" in message
    assert all(answer in message for answer in RESOLUTION.values())

    await world.ana.presses("Reopen", on=world.card)
    await world.ana.fills({"Why does it need more work?": "It happens again"})
    await world.ana.submits()
    await world.settle()
    case = await world.case()
    assert (case.status, case.owner) == (Status.CLAIMED, "U0MAYA")
    assert "It is yours again" in texts(world.maya.dms())[-1]
    assert "It happens again" in texts(world.maya.thread(world.card))[-1]
    assert len(world.cards()) == 1


async def test_an_unclaimed_case_is_nudged_before_and_at_its_due_time(
    world: World,
) -> None:
    await world.escalates(world.ana)
    await world.later(minutes=12)
    assert "is unclaimed" in texts(world.maya.thread(world.card))[-1]
    assert "<@U0MAYA>, <!subteam^S0MANAGERS>" in texts(world.maya.thread(world.card))[-1]
    assert not world.leo.dms()  # a warning goes to managers only
    assert ":hourglass_flowing_sand: Claim due" in world.card.text

    await world.later(minutes=3)
    assert "is overdue and unclaimed" in texts(world.maya.thread(world.card))[-1]
    assert "*ESC-1* (Acme) is overdue and unclaimed" in texts(world.leo.dms())[-1]
    assert ":rotating_light: Claim was due" in world.card.text

    before = len(world.maya.thread(world.card)), len(world.leo.dms())
    await world.later(hours=3)
    assert (len(world.maya.thread(world.card)), len(world.leo.dms())) == before


async def test_a_claimed_case_gets_no_more_claim_nudges(world: World) -> None:
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.card)
    await world.later(hours=2)
    assert world.leo.dms() == []
    assert not any("is unclaimed" in text for text in texts(world.maya.thread(world.card)))


async def test_a_queued_nudge_is_dropped_when_the_case_is_claimed(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    world.clock.advance(timedelta(minutes=20))
    await tick_due_cases(world.store)
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    assert world.leo.dms() == []


async def test_a_lead_can_claim_from_the_nudge(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.later(minutes=15)
    await world.leo.presses("Claim", on=world.leo.dms()[-1])
    await world.settle()
    assert (await world.case()).owner == "U0LEO"


async def test_the_next_mornings_digest_counts_what_happened(world: World) -> None:
    await claimed(world)
    await world.escalates(world.ana, Customer="Globex", Priority="Low")
    await world.until(berlin("2026-03-03 09:00"))
    digest = world.cards()[-1].text
    assert "Support · Tuesday, 3 March" in digest
    assert "*Opened:* 2 (ESC-1, ESC-2)" in digest
    assert "*Claimed:* 1 (ESC-1)" in digest
    assert "*Resolved:* none" in digest
    assert "Overdue:* 1 (ESC-2)" in digest
    assert digest.index("Acme") < digest.index("Globex")
    assert "<@U0MAYA>" in digest


async def test_a_case_posts_one_channel_message_in_its_life(quick_world: World) -> None:
    world = quick_world
    card = await claimed(world)
    await world.maya.presses("Resolve", on=card)
    await world.maya.fills(RESOLUTION)
    await world.maya.submits()
    await world.settle()
    posts = [call.args for call in world.slack.calls.to("chat.postMessage")]
    in_channel = [it for it in posts if it["channel"] == SUPPORT and not it.get("thread_ts")]
    assert len(in_channel) == 1
