"""Every listener; the one place where an error becomes a reply."""

import logging
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import OperationalError

from bot.errors import BotError, Busy, CannotKeep, ChangedMeanwhile, DoneBefore, Replayed
from bot.flood import Quota
from handlers.slack import (
    baton,
    case_buttons,
    clock_buttons,
    departments,
    duplicates,
    edit,
    escalate,
    feedback,
    hand_off,
    held,
    home,
    merge,
    more,
    people,
    questions,
    reach,
    reactions,
    references,
    release,
    reports,
    stage_buttons,
)
from handlers.slack.courtesy import Courtesy
from handlers.slack.gesture import note_gesture
from handlers.slack.people import note_denial
from handlers.slack.render import explain, explain_plainly
from handlers.slack.seals import SealingApp, SealingClient, Seals
from handlers.slack.views.answers import BadAnswers
from storage import Store
from storage.installations import Installation

log = logging.getLogger(__name__)

APOLOGY = "Sorry, that failed, and nothing was changed. We have logged it; please try again."

AGAIN = (Busy, CannotKeep, ChangedMeanwhile, OperationalError)
"""What may go well when Slack sends an event once more."""


class AnotherWorkspace(BotError):
    def __init__(self) -> None:
        super().__init__("Baton is not set up in this workspace.")


class NothingOfOurs(BotError):
    def __init__(self) -> None:
        super().__init__("Baton does not know this any more. See what it knows: /baton help")


def make_app(
    store: Store,
    client: SealingClient,
    installation: Installation,
    courtesy: Courtesy,
    seals: Seals,
    quota: Quota,
) -> AsyncApp:
    """The app, for requests whose signature was checked, or that came over our own socket."""

    async def authorize(team_id: str | None) -> AuthorizeResult:
        if team_id != installation.workspace:
            raise AnotherWorkspace
        return AuthorizeResult(
            enterprise_id=None,
            team_id=installation.workspace,
            bot_id=installation.bot_id,
            bot_user_id=installation.bot_user,
            bot_token=client.token,
        )

    # Bolt makes a client for each request, with the token that authorize gives it.
    unauthorized = AsyncWebClient(
        base_url=client.base_url, session=client.session, retry_handlers=[]
    )
    app = SealingApp(
        seals,
        client=unauthorized,
        logger=logging.getLogger("slack_bolt"),
        authorize=authorize,
        process_before_response=True,  # work, then ack
        request_verification_enabled=False,  # the gate has done it, on the raw bytes
        ssl_check_enabled=False,
        raise_error_for_unhandled_request=True,
    )
    app.middleware(note_gesture)
    people.register(app, store, client)
    references.register(app, store, client, seals)
    # What is asked for most comes first: each listener ahead of the wanted one costs.
    baton.register(app, store)
    escalate.register(app, store, quota)
    questions.register(app, store, quota)
    duplicates.register(app, store, quota)
    case_buttons.register(app, store, courtesy)
    clock_buttons.register(app, store)
    hand_off.register(app, store, courtesy)
    reactions.register(app, store, courtesy)
    stage_buttons.register(app, store, courtesy)
    more.register(app, store)
    feedback.register(app, store, courtesy)
    edit.register(app, store)
    departments.register(app, store)
    merge.register(app, store)
    reports.register(app, store)
    release.register(app, store)
    home.register(app, store)
    held.register(app, store, courtesy)
    reach.register(app, store, installation)

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

    return app


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
