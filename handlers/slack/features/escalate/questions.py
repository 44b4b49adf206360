"""The questions of a category: a second form before the case is opened."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.people import UserId
from bot.rate_limit import Quota
from bot.team import QuestionSection
from handlers.slack.context import user_of, workspace_of
from handlers.slack.features.escalate.duplicates import EscalationDraft, find_typed, keep_typed
from handlers.slack.features.escalate.open_case import open_or_ask
from handlers.slack.ids import Form
from handlers.slack.views.forms.questions_form import FIRST, questions_form, read_questions_form
from storage import Store, Transaction, WorkspaceStore


def register(app: AsyncApp, store: Store, quota: Quota) -> None:
    @app.view(Form.QUESTIONS)
    async def answered(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        answers, workspace = read_questions_form(view), store.of(workspace_of(context))
        typed = await workspace.read(find_typed, view["private_metadata"])
        submission = replace(typed.this, trigger=body["trigger_id"])
        typed = EscalationDraft(replace(typed.wanted, answers=answers), typed.team, submission)
        await ack(**await open_or_ask(workspace, typed, quota, by=user_of(context), field=FIRST))


async def ask_first(
    workspace: WorkspaceStore, typed: EscalationDraft, quota: Quota, *, by: UserId
) -> dict[str, Any]:
    """Open the case, or ask its team's questions first. Return the answer to the form."""
    asked = await workspace.read(questions_for, typed) if typed.wanted.category else []
    if not asked:
        return await open_or_ask(workspace, typed, quota, by=by)
    draft = await workspace.run(keep_typed, typed)
    return {"response_action": "update", "view": questions_form(asked, draft)}


def questions_for(tx: Transaction, typed: EscalationDraft) -> list[QuestionSection]:
    return tx.teams.look_up(typed.team).document.questions_for(typed.wanted.category)
