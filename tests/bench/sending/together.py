"""A thousand claims of a hundred teams that break at the same instant."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.case import Case
from bot.delivery import DeliveryKind, Outcome, SendResult
from bot.priority import Priority
from storage import Store, Transaction, connect
from storage.due import Due
from storage.store import wall_clock
from storage.tables import deliveries
from tests.bench.life import just_opened
from tests.bench.processes import started
from tests.bench.sending.many_teams import apply_team, card_ts, channel_of
from tests.world import WORKSPACE

TEAMS, FIRST_CASE = 100, 1_001
CLAIM = timedelta(minutes=5)
TIME_TO_OPEN = timedelta(seconds=40)
SOME = 20  # cases opened in a transaction
IS_NUDGE = deliveries.c.kind.in_((DeliveryKind.NUDGE, DeliveryKind.GATHERED))
LOOKS = 0.2  # seconds between two looks at whether all were told

CLAIM_SOON = """
warn_at = []
targets.urgent = { claim = "5m" }
targets.high = {}
targets.normal = {}
targets.low = {}
"""


async def told_of(url: str, many: int) -> tuple[list[float], list[float]]:
    """Of each case, in how many seconds anybody was told, its channel or its lead, and both of
    them: from its due instant until Slack had the message. Baton and Slack have a process each.
    """
    store = connect(url, wall_clock)
    ours = store.of(WORKSPACE)
    for team in range(TEAMS):
        await ours.run(apply_team, team, CLAIM_SOON)
    due = wall_clock() + TIME_TO_OPEN
    for first in range(0, many, SOME):
        await ours.run(_open, range(first, first + SOME), due - CLAIM)
    with started("teams", str(TEAMS), str(many)) as slack:
        api = slack.printed["api_url"], slack.printed["token"]
        with started("baton", url, *api, "ALL"):
            assert wall_clock() < due, "they were due before all was there"
            await asyncio.sleep((due - wall_clock()).total_seconds())
            while await store.everywhere(Due.cases, limit=1) or _waits(store):  # noqa: ASYNC110  no event for it
                await asyncio.sleep(LOOKS)
            told: dict[int, list[float]] = {}
            for case, at in _told(store):
                told.setdefault(case, []).append(at - due.timestamp())
    store.close()
    assert len(told) == many
    return [min(it) for it in told.values()], [max(it) for it in told.values()]


def _open(tx: Transaction, numbers: range, at: datetime) -> None:
    for number in numbers:
        team = tx.teams.in_channel(channel_of(number % TEAMS))
        assert team is not None
        case = just_opened(team, FIRST_CASE + number, Priority.URGENT, at=at)
        _count_as_sent(case, card_ts(number), at)
        tx.cases.add(case)


def _count_as_sent(case: Case, ts: str, at: datetime) -> None:
    notes = [note for event in case.history for note in event.notifications]
    for delivery in (case.card, *notes):
        delivery.settle(delivery.begin(at=at), SendResult(Outcome.SENT, ts=ts), at=at)


def _waits(store: Store) -> bool:
    """Whether a nudge does, alone or gathered."""
    waiting = select(func.count()).where(IS_NUDGE, deliveries.c.due_at.is_not(None))
    with store.database.reading.connect() as connection:
        return bool(connection.scalar(waiting))


def _told(store: Store) -> Iterator[tuple[int, float]]:
    """Of each nudge its case, and when Slack had the message that told of it."""
    query = select(deliveries).where(IS_NUDGE)
    with store.database.reading.connect() as connection:
        rows = connection.execute(query).all()
    ts = {row.key: row.ts for row in rows}
    for row in rows:
        if row.kind is DeliveryKind.NUDGE:
            yield row.case, float(ts[row.about or row.key])
