"""The one place where an error becomes a reply."""

import logging
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from sqlalchemy.exc import OperationalError

from bot.errors import (
    AlreadyDone,
    BotError,
    Busy,
    CannotSave,
    ChangedMeanwhile,
    DayPassed,
    Replayed,
    ResumeByPassed,
    WrongState,
)
from bot.messages import N_
from bot.people import CaseId
from handlers.i18n import _
from handlers.slack.context import workspace_of
from handlers.slack.ids import Field
from handlers.slack.outgoing.compose import card_of
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.listeners import pressed_case
from handlers.slack.plumbing.membership import note_denial
from handlers.slack.plumbing.verify_values import show_as_it_is
from handlers.slack.render import explain, explain_plainly
from handlers.slack.views.blocks import buttons_in
from handlers.slack.views.forms.answers import BadAnswers
from storage import Store, Transaction

log = logging.getLogger(__name__)

APOLOGY = N_("Sorry, that failed and nothing was changed. The error is logged; please try again.")

RETRYABLE = (Busy, CannotSave, ChangedMeanwhile, OperationalError)
"""Slack sends an event again after a 500, and the next try may succeed."""

FIELDS: dict[type[Exception], Field] = {
    DayPassed: Field.PREVENTION_BY,
    ResumeByPassed: Field.RESUME_BY,
}
"""The field of an error, if it is not the first one of its form."""


class UnknownAction(BotError):
    message = N_("This button or command is no longer available. See what is: /baton help")


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    @app.error
    async def answer_error(
        error: Exception, body: dict[str, Any], context: AsyncBoltContext
    ) -> BoltResponse:
        """Answer with the message of a BotError; log anything else and apologize."""
        if isinstance(error, BoltUnhandledRequestError):
            error = UnknownAction()
        await note_denial(store, error, context)
        if isinstance(error, CannotSave) or not isinstance(error, BotError):
            log.error("listener failed", exc_info=error)
        if "event" in body or _needs_no_reply(error, body):
            return BoltResponse(status=_status(error))
        if (field := _field_for(error, body)) is not None:  # the form stays open, with the reason
            return _errors_in_form(error, field)
        text = explain(error) if isinstance(error, BotError) else _(APOLOGY)
        if isinstance(error, WrongState) and await _refreshed(store, body, context):
            text = _("{answer} I've refreshed the card.").format(answer=text)
        if "command" in body:
            return BoltResponse(status=200, body=text)
        if context.user_id is not None:
            ephemeral.reply(context, text)
        return BoltResponse(status=200)


def _needs_no_reply(error: Exception, body: dict[str, Any]) -> bool:
    """Return whether the first delivery was answered. A command is answered again, in doubt."""
    return isinstance(error, Replayed) or (isinstance(error, AlreadyDone) and "command" not in body)


def _status(error: Exception) -> int:
    """Return the HTTP status where no person reads an answer."""
    if isinstance(error, Replayed):
        return 409
    return 500 if isinstance(error, RETRYABLE) else 200


def _field_for(error: Exception, body: dict[str, Any]) -> str | None:
    """Return the field of the submitted form to show the error under; None without a form."""
    if body.get("type") != "view_submission":
        return None
    try:
        fields = [str(it["block_id"]) for it in body["view"]["blocks"] if it["type"] == "input"]
    except (LookupError, TypeError):
        return None
    field = FIELDS.get(type(error))
    return field if field in fields else next(iter(fields), None)


async def _refreshed(store: Store, body: dict[str, Any], context: AsyncBoltContext) -> bool:
    """Update the card if it no longer has the pressed button, and return whether it did."""
    if body.get("type") != "block_actions" or "message" not in body:
        return False
    button, ts = body["actions"][0]["action_id"], body["message"]["ts"]
    try:
        workspace, case = store.of(workspace_of(context)), pressed_case(body)
        if not await workspace.read(is_out_of_date, case, button, ts):
            return False
        await workspace.run(show_as_it_is, case)
    except (BotError, OperationalError) as again:
        log.warning("card not refreshed: %r", type(again))
        return False
    return True


def is_out_of_date(tx: Transaction, case_id: CaseId, button: str, ts: str) -> bool:
    """Return whether the message is a card that lost this button and has no update queued."""
    case = tx.cases.look_up(case_id)
    settled = case.card.ts == ts and case.card.due_at is None
    return settled and button not in buttons_in(card_of(tx, case).blocks)


def _errors_in_form(error: Exception, field: str) -> BoltResponse:
    if isinstance(error, BadAnswers):
        mistakes = error.mistakes
    else:
        mistakes = {field: explain_plainly(error) if isinstance(error, BotError) else _(APOLOGY)}
    return BoltResponse(status=200, body={"response_action": "errors", "errors": mistakes})
