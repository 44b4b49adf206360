"""Look at each case whose time has come."""

import logging
from datetime import timedelta

from bot.case import Case
from bot.errors import Busy, ChangedMeanwhile
from bot.people import CaseId, TeamId, WorkspaceId
from handlers import metrics
from storage import Store, Transaction
from storage.due import Due
from storage.store import WorkspaceStore

log = logging.getLogger(__name__)

BATCH = 5000
"""A run that has so many to do takes some seconds, and the next begins when it ends. After an
outage of many teams these are enough for each of them to fill its transactions.
"""

TOGETHER = 20
"""Cases of a team in one transaction, so that what they have to say can be gathered at once:
few enough that whoever acts on one of them hardly waits.
"""


async def tick_due_cases(store: Store) -> None:
    by_team: dict[tuple[WorkspaceId, TeamId], list[CaseId]] = {}
    for workspace, team, case_id in await store.everywhere(Due.cases, limit=BATCH):
        by_team.setdefault((workspace, team), []).append(case_id)
    for (workspace, _), due in by_team.items():
        for first in range(0, len(due), TOGETHER):
            await _look_at(store.of(workspace), due[first : first + TOGETHER])


async def _look_at(ours: WorkspaceStore, due: list[CaseId]) -> None:
    """Look at them together, or else one by one: a bad one does not stop the others."""
    try:
        for late in await ours.run(tick, due):
            metrics.TICK_LATE.observe(late.total_seconds())
    except Exception as error:
        if len(due) > 1:
            for one in due:
                await _look_at(ours, [one])
        elif isinstance(error, Busy | ChangedMeanwhile):
            log.info("case %s: not now; the next run looks again", due[0])
        else:
            log.exception("case %s: tick failed; the others go on", due[0])


def tick(tx: Transaction, due: list[CaseId]) -> list[timedelta]:
    """Let cases see what time it is; how late that was."""
    return [_tick(tx, case) for case in tx.cases.get_all(due)]


def _tick(tx: Transaction, case: Case) -> timedelta:
    due = case.next_check_at or tx.now
    case.tick(at=tx.now)
    return max(timedelta(0), tx.now - due)  # another worker may have been first
