"""Look at each case whose time has come."""

import logging

from bot.errors import Busy, ChangedMeanwhile
from bot.people import CaseId
from storage import Store, Transaction
from storage.due import Due

log = logging.getLogger(__name__)

BATCH = 1000
"""A run that has so many to do takes some seconds, and the next begins when it ends."""


async def tick_due_cases(store: Store) -> None:
    for workspace, case_id in await store.everywhere(Due.cases, limit=BATCH):
        try:
            await store.of(workspace).run(tick, case_id)
        except (Busy, ChangedMeanwhile):
            log.info("case %s: not now; the next run looks again", case_id)
        except Exception:
            log.exception("case %s: tick failed; the others go on", case_id)


def tick(tx: Transaction, case_id: CaseId) -> None:
    tx.cases.get(case_id).tick(at=tx.now)
