"""Look at each case whose time has come."""

import logging
from collections.abc import Sequence

from bot.errors import Busy, ChangedMeanwhile
from bot.people import CaseId, WorkspaceId
from storage import Store, Transaction
from storage.due import Due

log = logging.getLogger(__name__)

BATCH = 200


async def tick_due_cases(store: Store) -> None:
    """Tick each once; after a full batch there may be more, and they are not made to wait."""
    while len(await _tick_some(store)) == BATCH:
        pass


async def _tick_some(store: Store) -> Sequence[tuple[WorkspaceId, CaseId]]:
    due = await store.everywhere(Due.cases, limit=BATCH)
    for workspace, case_id in due:
        try:
            await store.of(workspace).run(tick, case_id)
        except (Busy, ChangedMeanwhile):
            log.info("case %s: not now; the next run looks again", case_id)
        except Exception:
            log.exception("case %s: tick failed; the others go on", case_id)
    return due


def tick(tx: Transaction, case_id: CaseId) -> None:
    tx.cases.get(case_id).tick(at=tx.now)
