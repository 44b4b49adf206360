"""A submitted form opens a case, unless its reporter should look at a likely duplicate first."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.errors import RepeatedEscalation
from bot.people import UserId
from bot.rate_limit import Quota
from handlers.intake import Submission, open_case, record_warning
from handlers.slack.features.escalate.duplicates import EscalationDraft, offered
from handlers.slack.ids import Field
from handlers.slack.render import explain_plainly
from handlers.slack.views.forms.answers import BadAnswers
from storage import WorkspaceStore


async def open_or_ask(
    workspace: WorkspaceStore,
    typed: EscalationDraft,
    quota: Quota,
    *,
    by: UserId,
    field: str = Field.SUMMARY,
) -> dict[str, Any]:
    """Open the case or offer likely duplicates. Return the answer to the form.

    A repetition of the reporter's own words is shown under ``field``.
    """
    if form := await offered(workspace, typed, by=by):
        return {"response_action": "update", "view": form}
    async with warned(workspace, typed.this, field):
        await workspace.run(open_case, typed.wanted, typed.team, typed.this, quota, by=by)
    return {}


@asynccontextmanager
async def warned(
    workspace: WorkspaceStore, submission: Submission, field: str
) -> AsyncIterator[None]:
    """Show a repetition under the field once; the next submission opens the case."""
    try:
        yield
    except RepeatedEscalation as error:
        await workspace.run(record_warning, submission)
        raise BadAnswers({field: explain_plainly(error)}) from error
