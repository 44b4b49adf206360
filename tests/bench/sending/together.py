"""A thousand claim clocks of a hundred teams that breach at the same moment."""

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
BATCH = 20  # cases opened in a transaction
IS_NUDGE = deliveries.c.kind.in_((DeliveryKind.NUDGE, DeliveryKind.GATHERED))
POLL = 0.2  # seconds

CLAIM_SOON = """
warn_at = []
targets.urgent = { claim = "5m" }
targets.high = {}
targets.normal = {}
targets.low = {}
"""


async def notified_after(url: str, many: int) -> tuple[list[float], list[float]]:
    """Return, for each case, the seconds until the first and until the last recipient is notified.

    The recipients are the team's channel and its lead. The time counts from the due time until
    Slack has the message. Baton and Slack run in separate processes.
    """
    store = connect(url, wall_clock)
    workspace = store.of(WORKSPACE)
    for team in range(TEAMS):
        await workspace.run(apply_team, team, CLAIM_SOON)
    due = wall_clock() + TIME_TO_OPEN
    for first in range(0, many, BATCH):
        await workspace.run(_open, range(first, first + BATCH), due - CLAIM)
    with started("teams", str(TEAMS), str(many)) as slack:
        api = slack.printed["api_url"], slack.printed["token"]
        with started("baton", url, *api, "ALL"):
            assert wall_clock() < due, "the cases came due before everything was ready"
            await asyncio.sleep((due - wall_clock()).total_seconds())
            while await store.query_all(Due.cases, limit=1) or _nudges_wait(store):  # noqa: ASYNC110  no event for it
                await asyncio.sleep(POLL)
            delays: dict[int, list[float]] = {}
            for case, at in _sent(store):
                delays.setdefault(case, []).append(at - due.timestamp())
    store.close()
    assert len(delays) == many
    return [min(it) for it in delays.values()], [max(it) for it in delays.values()]


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


def _nudges_wait(store: Store) -> bool:
    """Return whether nudges are still queued, single or combined."""
    waiting = select(func.count()).where(IS_NUDGE, deliveries.c.due_at.is_not(None))
    with store.database.reading.connect() as connection:
        return bool(connection.scalar(waiting))


def _sent(store: Store) -> Iterator[tuple[int, float]]:
    """Yield the case of each nudge, and when Slack had the message that contains it."""
    query = select(deliveries).where(IS_NUDGE)
    with store.database.reading.connect() as connection:
        rows = connection.execute(query).all()
    ts = {row.key: row.ts for row in rows}
    for row in rows:
        if row.kind is DeliveryKind.NUDGE:
            yield row.case, float(ts[row.about or row.key])
