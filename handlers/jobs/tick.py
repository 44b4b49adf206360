"""Look at each case whose time has come."""

import logging
from datetime import timedelta

from bot.errors import Busy, ChangedMeanwhile
from bot.people import CaseId
from handlers import metrics
from storage import Store, Transaction
from storage.due import Due

log = logging.getLogger(__name__)

BATCH = 1000
"""A run that has so many to do takes some seconds, and the next begins when it ends."""


async def tick_due_cases(store: Store) -> None:
    for workspace, case_id in await store.everywhere(Due.cases, limit=BATCH):
        try:
            late = await store.of(workspace).run(tick, case_id)
            metrics.TICK_LATE.observe(late.total_seconds())
        except (Busy, ChangedMeanwhile):
            log.info("case %s: not now; the next run looks again", case_id)
        except Exception:
            log.exception("case %s: tick failed; the others go on", case_id)


def tick(tx: Transaction, case_id: CaseId) -> timedelta:
    """Let a case see what time it is; how late that was."""
    case = tx.cases.get(case_id)
    due = case.next_check_at or tx.now
    case.tick(at=tx.now)
    return max(timedelta(0), tx.now - due)  # another worker may have been first
