"""Did it help? Two buttons below the outcome; if it did not, the case can be reopened."""

from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.case import Case
from bot.errors import BotError, NotAllowed
from bot.people import CaseId, Person, UserId
from handlers.i18n import _
from handlers.slack.context import user_of, workspace_of
from handlers.slack.features.closing import view_reopen_form
from handlers.slack.ids import Button
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.listeners import pressed_case, runs_step
from handlers.slack.plumbing.membership import keep_denial
from handlers.slack.plumbing.open_form import show_form
from handlers.slack.plumbing.steps import step
from handlers.slack.render import explain
from handlers.slack.views.blocks import Block
from storage import Store, Transaction


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    app.action(Button.HELPED)(runs_step(store, ephemeral, step(log_help), says=thanks))

    @app.action(Button.NOT_HELPED)
    async def not_helped(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        case, by = pressed_case(body), user_of(context)
        answer = await store.of(workspace_of(context)).run(log_no_help, case, by=by)
        if not isinstance(answer, str):
            await show_form(client, body, answer)
        await ack()
        if isinstance(answer, str):
            ephemeral.reply(context, answer)


def log_help(case: Case, *, by: Person, at: datetime) -> None:
    case.rate(helped=True, by=by, at=at)


def thanks(_case: CaseId) -> str:
    return _("Good to hear. Thank you for letting us know.")


def log_no_help(tx: Transaction, case_id: CaseId, *, by: UserId) -> Block | str:
    """Record that it did not help. Return the form that reopens the case, or why there is none."""
    tx.cases.get(case_id).rate(helped=False, by=tx.person(by), at=tx.now)
    try:
        return view_reopen_form(tx, case_id, by)
    except BotError as error:
        if isinstance(error, NotAllowed):
            keep_denial(tx, error, by)
        return _("Sorry to hear that; I've noted it. {reason}").format(reason=explain(error))
