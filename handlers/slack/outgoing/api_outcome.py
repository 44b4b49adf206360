"""What Slack's answer to a call means for the message."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError

from bot.delivery import LONGEST_PAUSE, Outcome, SendResult
from handlers.slack.web_session import answer_of, reason_of

RATE_LIMITED = {"ratelimited", "rate_limited"}
MISSING_SCOPE = "missing_scope"
WORKSPACE_ERRORS = {
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
"""Slack accepts no calls from this app or token."""

CHANNEL_ERRORS = {
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
"""Slack accepts no messages for this channel or person; so does ``restricted_action*``."""

GONE = {"cant_update_message", "edit_window_closed", "message_not_found"}
NO_THREAD = {"cannot_reply_to_message", "invalid_thread_ts", "thread_not_found"}
PAYLOAD_ERRORS = (
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
SERVER_ERRORS = {
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}
"""Errors inside Slack: the call may have taken effect all the same."""


async def result_of(call: Awaitable[Any]) -> SendResult:
    """Await a call that changes something, and return its outcome."""
    try:
        response = await call
    except ClientConnectorError as error:  # nothing left this host
        return SendResult(Outcome.NOT_SENT, reason=reason_of(error))
    except SlackApiError as error:
        return _error_result(error)
    except (ClientError, TimeoutError) as error:
        return SendResult(Outcome.IN_DOUBT, reason=reason_of(error))
    return SendResult(Outcome.SENT, ts=response.get("ts"))


def result_of_search(error: SlackApiError | ClientError | TimeoutError) -> SendResult:
    """Return the outcome of a failed search: it never means that the message is absent."""
    answer = (
        _error_result(error) if isinstance(error, SlackApiError) else SendResult(Outcome.IN_DOUBT)
    )
    unseen = f"search failed: {answer.reason or reason_of(error)}"
    if answer.reason == MISSING_SCOPE or answer.outcome is Outcome.UNREACHABLE:
        return SendResult(Outcome.CANNOT_SEARCH, reason=unseen)
    if answer.outcome in (Outcome.WORKSPACE_REJECTED, Outcome.TARGET_DELETED):
        return answer
    if answer.outcome is Outcome.UNKNOWN_ANSWER:
        return replace(answer, reason=unseen)
    return SendResult(Outcome.IN_DOUBT, retry_after=answer.retry_after, reason=unseen)


def is_rate_limited(error: Exception) -> bool:
    """Return whether Slack asks for a pause of such calls."""
    return isinstance(error, SlackApiError) and _error_result(error).outcome is Outcome.NOT_SENT


def shows_slack_away(error: Exception) -> bool:
    """Return whether a failed call shows that Slack is away: unreachable, or an error of its own.

    A refusal of the call is an answer.
    """
    return not isinstance(error, SlackApiError) or _error_result(error).outcome is Outcome.IN_DOUBT


def _error_result(error: SlackApiError) -> SendResult:
    response, answer = error.response, answer_of(error)
    if answer is None:
        return SendResult(Outcome.IN_DOUBT, reason="the answer is not JSON")
    code = str(answer.get("error", ""))
    if response.status_code == 429 or code in RATE_LIMITED:
        return SendResult(Outcome.NOT_SENT, retry_after=_retry_after(response.headers), reason=code)
    if code in SERVER_ERRORS or code.startswith("duplicate_") or response.status_code >= 500:
        return SendResult(Outcome.IN_DOUBT, reason=code)
    if code in WORKSPACE_ERRORS:
        return SendResult(Outcome.WORKSPACE_REJECTED, reason=code)
    if code in CHANNEL_ERRORS or code.startswith("restricted_action"):
        return SendResult(Outcome.UNREACHABLE, reason=code)
    if code in GONE | NO_THREAD:
        return SendResult(Outcome.TARGET_DELETED, reason=code)
    if code.startswith(PAYLOAD_ERRORS):
        return SendResult(Outcome.REFUSED, reason=code)
    return SendResult(Outcome.UNKNOWN_ANSWER, reason=code)


def _retry_after(headers: Any) -> timedelta | None:
    """Return the pause that Slack asks for, in whole seconds; an hour at most."""
    seconds = str(headers.get("Retry-After", ""))
    if not (seconds.isascii() and seconds.isdecimal()):
        return None
    # A header may hold a number of any length, but int() refuses very long ones.
    return min(timedelta(seconds=int(seconds[:9])), LONGEST_PAUSE)
