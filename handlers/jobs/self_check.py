"""Check Baton's invariants every minute and notify the leads of violations."""

import logging
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from aiohttp import ClientError, ClientSession

from bot.errors import BotError
from bot.people import WorkspaceId
from bot.self_check import LATE, NEEDS_TIME, Invariant, compare
from handlers import metrics
from storage import Store, Transaction

log = logging.getLogger(__name__)


EVERY = frozenset(Invariant)
JUMP = timedelta(seconds=5)


class SteadyTime:
    """Tells whether this worker had time to do what is due.

    It had none just after its start, and just after its clock jumped: then work is late that the
    worker could not know of. ``elapsed`` counts seconds and never jumps.
    """

    def __init__(
        self, clock: Callable[[], datetime], elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock, self._elapsed = clock, elapsed
        self._offset, self._since = self._read_offset(), elapsed()

    def is_enough(self) -> bool:
        """Return whether the last start or jump is longer ago than work may be late."""
        offset = self._read_offset()
        if abs(offset - self._offset) > JUMP:
            self._since = self._elapsed()
        self._offset = offset
        return self._elapsed() - self._since > LATE.total_seconds()

    def _read_offset(self) -> datetime:
        return self._clock() - timedelta(seconds=self._elapsed())


async def run_self_check(
    store: Store,
    workspace: WorkspaceId,
    session: ClientSession,
    heartbeat_url: str | None,
    steady: SteadyTime | None = None,
) -> None:
    """Check the invariants; if all hold, call ``heartbeat_url``.

    An external monitor raises an alarm when the heartbeat stops.
    """
    checked = EVERY if steady is None or steady.is_enough() else EVERY - NEEDS_TIME
    try:
        broken = await store.of(workspace).run(record_findings, checked)
    except BotError as error:
        log.warning("self-check failed: %s", error)
        return
    for invariant in checked:
        metrics.BROKEN.labels(invariant).set(invariant in broken)
    if heartbeat_url and not broken:
        await _beat(session, heartbeat_url)


def record_findings(tx: Transaction, checked: Collection[Invariant] = EVERY) -> set[Invariant]:
    """Store new and resolved findings, notify the leads and return the broken invariants."""
    tx.unreadable_cases.try_again()
    known, found = tx.findings.open(), tx.findings.broken(at=tx.now)
    broken = {it: things for it, things in found.items() if it in checked}
    new, over = compare(known, broken, at=tx.now)
    leads = sorted({lead for team in tx.teams.all() for lead in team.leads})
    for finding in new:
        log.error("self-check problem: %s", finding.said)
        tx.findings.add(finding)
    for finding in over:
        log.info("self-check problem resolved: %s", finding.said)
    for finding in (*new, *over):
        for delivery in finding.notifications(leads, at=tx.now):
            tx.outbox.add(delivery)
    return {invariant for invariant, things in broken.items() if things}


async def _beat(session: ClientSession, url: str) -> None:
    try:
        async with session.get(url) as answer:
            answer.raise_for_status()
    except (ClientError, TimeoutError) as error:
        log.warning("heartbeat failed: %s", type(error).__name__)
