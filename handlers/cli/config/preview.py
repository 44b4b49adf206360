"""Compute what a document would change for a team's cases, without changing anything."""

import asyncio
from collections.abc import Callable

from bot.people import CaseId, WorkspaceId
from bot.reports.preview import DocumentPreview
from bot.team import TeamDocument
from bot.team.team import Team
from storage import Store, Transaction

BATCH = 500  # cases in memory at a time


async def preview_of(
    store: Store,
    workspace: WorkspaceId,
    document: TeamDocument,
    *,
    on_progress: Callable[[int], None],
    batch: int = BATCH,
) -> DocumentPreview | None:
    """Return what the document would change, or None if its team does not exist yet.

    ``on_progress`` is called after each batch with the number of cases processed so far.
    """
    workspace_store = store.of(workspace)
    team = await workspace_store.read(find_team, document.team.name)
    if team is None:
        return None
    preview = DocumentPreview(team.document, document, store.clock())
    last, processed = CaseId(0), 0
    while True:
        clock_inputs = await workspace_store.read(
            lambda tx, after: tx.clock_inputs.following(
                after, team.id, since=preview.replays_since, limit=batch
            ),
            last,
        )
        if not clock_inputs:
            return preview
        await asyncio.to_thread(preview.take, clock_inputs)
        last, processed = clock_inputs[-1].id, processed + len(clock_inputs)
        on_progress(processed)


def find_team(tx: Transaction, name: str) -> Team | None:
    return next((team for team in tx.teams.all() if team.name == name), None)
