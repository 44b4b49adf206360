"""A form is sent in: the case is opened, or its reporter has another look first."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.errors import SaidAlready
from bot.people import UserId
from bot.rate_limit import Quota
from handlers.intake import Submission, open_case, warn
from handlers.slack.features.escalate.duplicates import Typed, offered
from handlers.slack.ids import Field
from handlers.slack.render import explain_plainly
from handlers.slack.views.forms.answers import BadAnswers
from storage import WorkspaceStore


async def open_or_ask(
    ours: WorkspaceStore, typed: Typed, quota: Quota, *, by: UserId, field: str = Field.SUMMARY
) -> dict[str, Any]:
    """Open the case, unless somebody has to look first at one that is there; answers the form."""
    if asked := await offered(ours, typed, by=by):
        return {"response_action": "update", "view": asked}
    async with warned(ours, typed.this, field):
        await ours.run(open_case, typed.wanted, typed.team, typed.this, quota, by=by)
    return {}


@asynccontextmanager
async def warned(ours: WorkspaceStore, this: Submission, field: str) -> AsyncIterator[None]:
    """Say under the story that it was told already, and remember that it was said."""
    try:
        yield
    except SaidAlready as told:
        await ours.run(warn, this)
        raise BadAnswers({field: explain_plainly(told)}) from told
