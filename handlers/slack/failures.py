"""The one place where an error becomes a reply."""

import logging
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from sqlalchemy.exc import OperationalError

from bot.errors import BotError, Busy, CannotKeep, ChangedMeanwhile, DoneBefore, Replayed
from handlers.slack.courtesy import Courtesy
from handlers.slack.people import note_denial
from handlers.slack.render import explain, explain_plainly
from handlers.slack.views.answers import BadAnswers
from storage import Store

log = logging.getLogger(__name__)

APOLOGY = "Sorry, that failed, and nothing was changed. We have logged it; please try again."

AGAIN = (Busy, CannotKeep, ChangedMeanwhile, OperationalError)
"""What may go well when Slack sends an event once more."""


class NothingOfOurs(BotError):
    def __init__(self) -> None:
        super().__init__("Baton does not know this any more. See what it knows: /baton help")


def register(app: AsyncApp, store: Store, courtesy: Courtesy) -> None:
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
        if (field := _first_field(body)) is not None:  # the form stays open, with the reason in it
            return _errors_in_form(error, field)
        text = explain(error) if isinstance(error, BotError) else APOLOGY
        if "command" in body:
            return BoltResponse(status=200, body=text)
        if context.user_id is not None:
            courtesy.tell(context, text)
        return BoltResponse(status=200)


def _is_repeated(error: Exception, body: dict[str, Any]) -> bool:
    """Whether the first answer has said all. What a command answers may not have arrived."""
    return isinstance(error, Replayed) or (isinstance(error, DoneBefore) and "command" not in body)


def _wordless(error: Exception) -> int:
    """The answer where nobody reads words."""
    if isinstance(error, Replayed):
        return 409
    return 500 if isinstance(error, AGAIN) else 200


def _first_field(body: dict[str, Any]) -> str | None:
    """The first question of the form that was sent in, if one was."""
    if body.get("type") != "view_submission":
        return None
    try:
        return str(next(it["block_id"] for it in body["view"]["blocks"] if it["type"] == "input"))
    except (LookupError, StopIteration, TypeError):
        return None


def _errors_in_form(error: Exception, field: str) -> BoltResponse:
    if isinstance(error, BadAnswers):
        mistakes = error.mistakes
    else:
        mistakes = {field: explain_plainly(error) if isinstance(error, BotError) else APOLOGY}
    return BoltResponse(status=200, body={"response_action": "errors", "errors": mistakes})
