"""Steps and checks that many tests share."""

from collections import Counter
from datetime import timedelta

from bot.case import Edit, Fact
from bot.case.event import EventKind
from bot.case.facts import YES
from bot.people import CaseId, UserId
from handlers.sandbox import Message, Person
from storage import Transaction
from tests.world import SUPPORT, WORKSPACE, World

SOLVED = {
    "What was the outcome?": "They can log in again",
    "What was the root cause?": "An expired certificate",
    "How will we prevent it?": "We watch the date now",
}


async def fills_escalation_form(world: World) -> None:
    """Open and fill in the escalation form as Ana, without submitting it."""
    await world.ana.types("/escalate Nobody can log in", channel=SUPPORT)
    await world.ana.fills({"Customer": "Acme", "Why does it need a manager?": ["Risk"]})


async def escalates_and_claims(world: World) -> None:
    """Escalate a case as Ana and claim it as Maya."""
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.card)
    await world.settle()


async def add_stranger(world: World, *channels: str) -> Person:
    """Add Eve to the channels: she has no role in the team and no case."""
    world.slack.workspace.add_person("U0EVE", "eve", "Eve")
    for channel in channels:
        world.slack.workspace.channel(channel).members.append("U0EVE")
    await world.reads_people()
    return world.slack.person("U0EVE")


def posted(world: World) -> list[Message]:
    """Return all messages of Baton's outbox that are visible in Slack."""
    channels = world.slack.workspace.channels.values()
    return [it for channel in channels for it in channel.messages if it.metadata]


def assert_no_duplicates(world: World) -> None:
    """Check that no message was posted twice, and that there is at most one card."""
    if posted(world):
        assert_each_once(world)
    assert len(world.cards()) <= 1


def assert_each_once(world: World) -> None:
    """Check that messages were posted, and none of them twice."""
    counts = Counter(str(message.metadata) for message in posted(world))
    assert set(counts.values()) == {1}, counts


async def kinds(world: World) -> list[EventKind]:
    """Return the kinds of the first case's events, oldest first."""
    return [event.kind for event in (await world.case()).history]


async def settles_slowly(world: World) -> None:
    """Like ``World.settle``, but let 10 minutes pass, for retries and lookups."""
    for _ in range(10):
        await world.baton.catch_up()
        world.clock.advance(timedelta(seconds=60))
    await world.settle()


async def escalates(world: World) -> None:
    """Escalate a case as Ana, without waiting for its messages."""
    await fills_escalation_form(world)
    await world.ana.submits()


async def escalates_one_open_and_many_restricted(world: World) -> None:
    """Let Ana escalate 26 cases of Acme; all but the first are restricted and owned by Maya."""
    for _ in range(26):
        await world.escalates(world.ana)
        world.clock.advance(timedelta(minutes=2))
    await world.store.of(WORKSPACE).run(restrict_all_but_the_first)


def restrict_all_but_the_first(tx: Transaction) -> None:
    for number in range(2, 27):
        case = tx.cases.get(CaseId(number))
        case.claim(by=tx.person(UserId("U0MAYA")), at=tx.now)
        edit = Edit(facts={Fact.RESTRICTED: YES}, base=1, reviewed=len(case.history))
        case.edit(edit, by=tx.person(UserId("U0LEO")), at=tx.now)
