"""The one place where an error becomes a reply."""

import logging
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from sqlalchemy.exc import OperationalError

from bot.errors import (
    BotError,
    Busy,
    CannotKeep,
    ChangedMeanwhile,
    DayPassed,
    DoneBefore,
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

AGAIN = (Busy, CannotKeep, ChangedMeanwhile, OperationalError)
"""What may go well when Slack sends an event once more."""

FIELDS: dict[type[Exception], Field] = {
    DayPassed: Field.PREVENTION_BY,
    ResumeByPassed: Field.RESUME_BY,
}
"""What an error is about, where that is not the first question of its form."""


class NothingOfOurs(BotError):
    message = N_("Baton no longer knows this button or command. See what it can do: /baton help")


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    @app.error
    async def answer_error(
        error: Exception, body: dict[str, Any], context: AsyncBoltContext
    ) -> BoltResponse:
        """A BotError is the reply; anything else is logged and apologised for."""
        if isinstance(error, BoltUnhandledRequestError):
            error = NothingOfOurs()
        await note_denial(store, error, context)
        if isinstance(error, CannotKeep) or not isinstance(error, BotError):
            log.error("listener failed", exc_info=error)
        if "event" in body or _is_repeated(error, body):
            return BoltResponse(status=_wordless(error))
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


def _is_repeated(error: Exception, body: dict[str, Any]) -> bool:
    """Whether the first answer has said all. What a command answers may not have arrived."""
    return isinstance(error, Replayed) or (isinstance(error, DoneBefore) and "command" not in body)


def _wordless(error: Exception) -> int:
    """The answer where nobody reads words."""
    if isinstance(error, Replayed):
        return 409
    return 500 if isinstance(error, AGAIN) else 200


def _field_for(error: Exception, body: dict[str, Any]) -> str | None:
    """The question that it is about, in the form that was sent in, if one was; else the first."""
    if body.get("type") != "view_submission":
        return None
    try:
        asked = [str(it["block_id"]) for it in body["view"]["blocks"] if it["type"] == "input"]
    except (LookupError, TypeError):
        return None
    meant = FIELDS.get(type(error))
    return meant if meant in asked else next(iter(asked), None)


async def _refreshed(store: Store, body: dict[str, Any], context: AsyncBoltContext) -> bool:
    """Whether the button is no longer on its card, which is owed again, if so."""
    if body.get("type") != "block_actions" or "message" not in body:
        return False
    button, ts = body["actions"][0]["action_id"], body["message"]["ts"]
    try:
        ours, case = store.of(workspace_of(context)), pressed_case(body)
        if not await ours.read(is_out_of_date, case, button, ts):
            return False
        await ours.run(show_as_it_is, case)
    except (BotError, OperationalError) as again:
        log.warning("a card was not refreshed: %r", type(again))
        return False
    return True


def is_out_of_date(tx: Transaction, case_id: CaseId, button: str, ts: str) -> bool:
    """Whether the message that was pressed is a card without that button, and is not about to
    be changed anyway.
    """
    case = tx.cases.look_up(case_id)
    settled = case.card.ts == ts and case.card.due_at is None
    return settled and button not in buttons_in(card_of(tx, case).blocks)


def _errors_in_form(error: Exception, field: str) -> BoltResponse:
    if isinstance(error, BadAnswers):
        mistakes = error.mistakes
    else:
        mistakes = {field: explain_plainly(error) if isinstance(error, BotError) else _(APOLOGY)}
    return BoltResponse(status=200, body={"response_action": "errors", "errors": mistakes})
