"""A thousand claims of a hundred teams that break at the same instant."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.case import Case
from bot.delivery import Answer, Kind, Outcome
from bot.people import ChannelId
from bot.priority import Priority
from bot.team import read_team
from handlers.config import apply_document
from handlers.process import Baton
from handlers.sandbox import Sandbox
from storage import Transaction
from storage.due import Due
from storage.sending_tables import deliveries
from tests.bench.life import just_opened
from tests.world import WORKSPACE

TEAMS, FIRST_CASE = 100, 1_001
CLAIM = timedelta(minutes=5)
TIME_TO_OPEN = timedelta(seconds=50)
SOME = 20  # cases opened in a transaction
IS_NUDGE = deliveries.c.kind.in_((Kind.NUDGE, Kind.GATHERED))
LOOKS = 0.2  # seconds between two looks at whether all were told

TEAM = """
[team]
name = "Team {number}"
channel = "{channel}"
timezone = "UTC"
managers = ["{lead}"]
leads = ["{lead}"]

[[policies]]
name = "Standard"
calendar = "24x7"
warn_at = []
targets.urgent = {{ claim = "5m" }}
targets.high = {{}}
targets.normal = {{}}
targets.low = {{}}
"""


async def told_of(slack: Sandbox, baton: Baton, many: int) -> tuple[list[float], list[float]]:
    """Of each case, in how many seconds anybody was told, its channel or its lead, and both of
    them: from its due instant until Slack had the message.
    """
    ours = baton.store.of(WORKSPACE)
    for number in range(TEAMS):
        await ours.run(_put_in_force, number)
    cards = await _cards(slack, baton, many)
    due = slack.clock() + TIME_TO_OPEN
    for first in range(0, many, SOME):
        await ours.run(_open, cards[first : first + SOME], first, due - CLAIM)
    assert slack.clock() < due, "they were due before all of them were open"
    await slack.clock.until(due)
    while await baton.store.everywhere(Due.cases, limit=1) or _waits(baton):  # noqa: ASYNC110  no event for it
        await asyncio.sleep(LOOKS)
    told: dict[int, list[float]] = {}
    for case, at in _told(baton):
        told.setdefault(case, []).append(at - due.timestamp())
    assert len(told) == many
    return [min(it) for it in told.values()], [max(it) for it in told.values()]


def channel_of(number: int) -> ChannelId:
    return ChannelId(f"C0BENCH{number:03d}")


def lead_of(number: int) -> str:
    return f"U0LEAD{number:03d}"


def _put_in_force(tx: Transaction, number: int) -> None:
    channel = channel_of(number)
    source = TEAM.format(number=number, channel=channel, lead=lead_of(number))
    apply_document(tx, source, read_team(source), channel, by="the bench")


async def _cards(slack: Sandbox, baton: Baton, many: int) -> list[str]:
    """Posted before; what they show is of no matter here."""
    slack.pace.on = False
    posted = [
        await baton.client.chat_postMessage(channel=channel_of(number % TEAMS), text="A card")
        for number in range(many)
    ]
    slack.pace.on = True
    return [answer["ts"] for answer in posted]


def _open(tx: Transaction, cards: Sequence[str], first: int, at: datetime) -> None:
    for number, ts in enumerate(cards, start=first):
        team = tx.teams.in_channel(channel_of(number % TEAMS))
        assert team is not None
        case = just_opened(team, FIRST_CASE + number, Priority.URGENT, at=at)
        _count_as_sent(case, ts, at)
        tx.cases.add(case)


def _count_as_sent(case: Case, ts: str, at: datetime) -> None:
    notes = [note for event in case.history for note in event.tells]
    for delivery in (case.card, *notes):
        delivery.settle(delivery.begin(at=at), Answer(Outcome.SENT, ts=ts), at=at)


def _waits(baton: Baton) -> bool:
    """Whether a nudge does, alone or gathered."""
    waiting = select(func.count()).where(IS_NUDGE, deliveries.c.due_at.is_not(None))
    with baton.store.database.reading.connect() as connection:
        return bool(connection.scalar(waiting))


def _told(baton: Baton) -> Iterator[tuple[int, float]]:
    """Of each nudge its case, and when Slack had the message that told of it."""
    query = select(deliveries).where(IS_NUDGE)
    with baton.store.database.reading.connect() as connection:
        rows = connection.execute(query).all()
    ts = {row.key: row.ts for row in rows}
    for row in rows:
        if row.kind is Kind.NUDGE:
            yield row.case, float(ts[row.about or row.key])
