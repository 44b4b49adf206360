"""Finding out what a document would do to a team's cases. Nothing is changed by it."""

import asyncio
from collections.abc import Callable

from bot.people import CaseId, WorkspaceId
from bot.reports.preview import DocumentPreview
from bot.team import TeamDocument
from bot.team.team import Team
from storage import Store, Transaction

AT_ONCE = 500  # cases in memory


async def preview_of(
    store: Store,
    workspace: WorkspaceId,
    document: TeamDocument,
    *,
    say: Callable[[int], None],
    at_once: int = AT_ONCE,
) -> DocumentPreview | None:
    """What the document would do; None if its team is a new one.

    ``say`` hears again and again how many cases have been looked at.
    """
    ours = store.of(workspace)
    team = await ours.read(team_named, document.team.name)
    if team is None:
        return None
    preview = DocumentPreview(team.document, document, store.clock())
    last, seen = CaseId(0), 0
    while True:
        clock_inputs = await ours.read(
            lambda tx, after: tx.clock_inputs.following(
                after, team.id, since=preview.replays_since, limit=at_once
            ),
            last,
        )
        if not clock_inputs:
            return preview
        await asyncio.to_thread(preview.take, clock_inputs)
        last, seen = clock_inputs[-1].id, seen + len(clock_inputs)
        say(seen)


def team_named(tx: Transaction, name: str) -> Team | None:
    return next((team for team in tx.teams.all() if team.name == name), None)
