"""What Slack's answer to a call means for the message that it was about."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError

from bot.delivery import Outcome, SendResult

RATE_LIMITED = {"ratelimited", "rate_limited"}
MISSING_SCOPE = "missing_scope"
TENANT = {
    "access_denied",
    "account_inactive",
    "app_access_restricted",
    "app_uninstalled",
    "invalid_auth",
    MISSING_SCOPE,
    "not_allowed_token_type",
    "not_authed",
    "team_access_not_granted",
    "token_expired",
    "token_revoked",
}
"""Slack takes nothing at all from us."""

DESTINATION = {
    "cannot_dm_bot",
    "channel_not_found",
    "is_archived",
    "messages_tab_disabled",
    "not_in_channel",
    "user_disabled",
    "user_is_restricted",
    "user_not_found",
    "user_not_visible",
}
"""Slack takes nothing from us for this place; with ``restricted_action`` and what begins so."""

GONE = {"cant_update_message", "edit_window_closed", "message_not_found"}
NO_THREAD = {"cannot_reply_to_message", "invalid_thread_ts", "thread_not_found"}
PAYLOAD = (
    "block_mismatch",
    "invalid_blocks",
    "invalid_metadata",
    "markdown_text_conflict",
    "metadata_",
    "msg_",
    "no_text",
    "too_many_",
    "view_too_large",
)
UNSURE = {
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}
"""Errors of Slack's own: it may have done what it was asked for all the same."""


async def result_of(call: Awaitable[Any]) -> SendResult:
    """Make a call that changes something, and say what came of it."""
    try:
        response = await call
    except ClientConnectorError as error:  # nothing ever left
        return SendResult(Outcome.NOT_SENT, reason=str(error))
    except SlackApiError as error:
        return _error_result(error)
    except (ClientError, TimeoutError) as error:
        return SendResult(Outcome.IN_DOUBT, reason=repr(error))
    return SendResult(Outcome.SENT, ts=response.get("ts"))


def result_of_search(error: SlackApiError | ClientError | TimeoutError) -> SendResult:
    """What it means that we could not look: never that there is nothing."""
    answer = (
        _error_result(error) if isinstance(error, SlackApiError) else SendResult(Outcome.IN_DOUBT)
    )
    unseen = f"could not look: {answer.reason or repr(error)}"
    if answer.reason == MISSING_SCOPE or answer.outcome is Outcome.UNREACHABLE:
        return SendResult(Outcome.BLIND, reason=unseen)
    if answer.outcome in (Outcome.SHUT, Outcome.GONE):
        return answer
    return SendResult(Outcome.IN_DOUBT, retry_after=answer.retry_after, reason=unseen)


def is_rate_limited(error: Exception) -> bool:
    """Whether Slack answers no more such calls for now."""
    return isinstance(error, SlackApiError) and _error_result(error).outcome is Outcome.NOT_SENT


def _error_result(error: SlackApiError) -> SendResult:
    response = error.response
    if not isinstance(getattr(response, "data", None), dict):  # half of one: it is aiohttp's own
        return SendResult(Outcome.IN_DOUBT, reason="an answer that is not JSON")
    code = str(response.data.get("error", ""))
    if response.status_code == 429 or code in RATE_LIMITED:
        return SendResult(Outcome.NOT_SENT, retry_after=_retry_after(response.headers), reason=code)
    if code in UNSURE or code.startswith("duplicate_") or response.status_code >= 500:
        return SendResult(Outcome.IN_DOUBT, reason=code)
    if code in TENANT:
        return SendResult(Outcome.SHUT, reason=code)
    if code in DESTINATION or code.startswith("restricted_action"):
        return SendResult(Outcome.UNREACHABLE, reason=code)
    if code in GONE | NO_THREAD:
        return SendResult(Outcome.GONE, reason=code)
    if code.startswith(PAYLOAD):
        return SendResult(Outcome.REFUSED, reason=code)
    return SendResult(Outcome.ODD, reason=code)


def _retry_after(headers: Any) -> timedelta | None:
    """How long Slack asks us to keep off."""
    seconds = str(headers.get("Retry-After", ""))
    return timedelta(seconds=int(seconds)) if seconds.isascii() and seconds.isdecimal() else None
