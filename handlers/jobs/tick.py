"""Check each case that is due: warn, breach, escalate or release it."""

import logging
from contextlib import suppress
from datetime import timedelta

from bot.case import Case
from bot.errors import Busy, ChangedMeanwhile, UnreadableCase
from bot.people import CaseId, TeamId, WorkspaceId
from handlers import metrics
from storage import Store, Transaction
from storage.due import Due
from storage.store import WorkspaceStore

log = logging.getLogger(__name__)

BATCH = 5000
"""Cases per run; a full run takes some seconds and the next one starts when it ends. Large enough
that after an outage every one of many teams fills its transactions.
"""

TOGETHER = 20
"""Cases of one team per transaction, so that their nudges can be combined into one message. Small
enough that a person who acts on one of them hardly waits for its lock.
"""


async def tick_due_cases(store: Store) -> None:
    by_team: dict[tuple[WorkspaceId, TeamId], list[CaseId]] = {}
    for workspace, team, case_id in await store.query_all(Due.cases, limit=BATCH):
        by_team.setdefault((workspace, team), []).append(case_id)
    for (workspace, _), due in by_team.items():
        for first in range(0, len(due), TOGETHER):
            await _check(store.of(workspace), due[first : first + TOGETHER])


async def _check(store: WorkspaceStore, due: list[CaseId]) -> None:
    """Check the cases in one transaction; if it fails, one by one, so that only bad ones fail."""
    try:
        for late in await store.run(tick, due):
            metrics.TICK_LATE.observe(late.total_seconds())
    except Exception as error:
        if len(due) > 1:
            for one in due:
                await _check(store, [one])
        elif isinstance(error, UnreadableCase):
            await _put_off(store, due[0])
        elif isinstance(error, Busy | ChangedMeanwhile):
            log.info("case %s: tick postponed, retrying on the next run", due[0])
        else:
            log.exception("case %s: tick failed; other cases are not affected", due[0])


async def _put_off(store: WorkspaceStore, case_id: CaseId) -> None:
    """Put off a case that this version cannot read, and say so once."""
    with suppress(Busy, ChangedMeanwhile):  # the next run tries again
        if await store.run(put_off, case_id):
            log.error("%s", UnreadableCase(case_id))


def put_off(tx: Transaction, case_id: CaseId) -> bool:
    return tx.unreadable_cases.put_off(case_id)


def tick(tx: Transaction, due: list[CaseId]) -> list[timedelta]:
    """Apply the current time to the cases and return how late each check was."""
    return [_tick(tx, case) for case in tx.cases.get_all(due)]


def _tick(tx: Transaction, case: Case) -> timedelta:
    due = case.next_check_at or tx.now
    case.tick(at=tx.now)
    return max(timedelta(0), tx.now - due)  # not negative if another worker was first
