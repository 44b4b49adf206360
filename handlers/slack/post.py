"""The one way out to Slack: send, edit, look, and say what came of it."""

import hashlib
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import Answer, Delivery, Outcome, Try
from bot.people import WorkspaceId
from handlers.slack.letters import Home, Letter, Post

MARK = "baton_delivery"
"""The ``event_type`` of the metadata by which a message of ours is known again."""

SKEW = timedelta(minutes=5)
"""How far Slack's clock may be from ours when we look for a message by time."""

MENDED_BY_PEOPLE = timedelta(minutes=5)
"""How soon to try again where somebody has to mend something first."""

RATE_LIMITED = {"ratelimited", "rate_limited"}
DESTINATION = {
    "account_inactive",
    "app_access_restricted",
    "channel_not_found",
    "invalid_auth",
    "is_archived",
    "messages_tab_disabled",
    "missing_scope",
    "not_authed",
    "not_in_channel",
    "team_access_not_granted",
    "token_expired",
    "token_revoked",
    "user_disabled",
    "user_not_found",
}
PAYLOAD = ("invalid_blocks", "msg_", "metadata_too_large", "too_many_", "no_text", "view_too_large")
UNSURE = {
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}
"""Errors of Slack's own: it may have done what it was asked for all the same."""

GONE = {"message_not_found", "cant_update_message"}


async def send(
    client: AsyncWebClient,
    workspace: WorkspaceId,
    delivery: Delivery,
    attempt: Try,
    letter: Letter,
) -> Answer:
    """One try. Where an earlier one is in doubt, look first, and post only what is not there."""
    if isinstance(letter, Home):
        home = client.views_publish(user_id=letter.person, view=letter.view)
        return await _answer(home, repeatable=True)
    if letter.edits is not None:
        answer = await _edit(client, workspace, delivery, letter, letter.edits)
        if answer.reason not in GONE:
            return answer
    if attempt.in_doubt:
        try:
            found = await _look(client, workspace, delivery, letter)
        except (SlackApiError, ClientError, TimeoutError) as error:
            # Not seen is not the same as not there: look again later.
            return Answer(Outcome.IN_DOUBT, reason=f"could not look: {error}")
        if found is not None:
            return Answer(Outcome.SENT, ts=found)
    return await _post(client, workspace, delivery, letter)


async def _post(
    client: AsyncWebClient, workspace: WorkspaceId, delivery: Delivery, letter: Post
) -> Answer:
    arguments: dict[str, Any] = {
        "channel": delivery.channel,
        "text": letter.message.text,
        "thread_ts": letter.thread,
        "metadata": _mark(workspace, delivery),
        "unfurl_links": False,
        "unfurl_media": False,
    }
    blocks = letter.message.blocks
    answer = await _answer(client.chat_postMessage(blocks=blocks, **arguments))
    if answer.outcome is Outcome.REFUSED:  # the blocks, most likely: the words must get there
        answer = await _answer(client.chat_postMessage(**arguments))
    return answer


async def _edit(
    client: AsyncWebClient, workspace: WorkspaceId, delivery: Delivery, letter: Post, ts: str
) -> Answer:
    arguments: dict[str, Any] = {
        "channel": delivery.channel,
        "ts": ts,
        "text": letter.message.text,
        "metadata": _mark(workspace, delivery),
    }
    edit = client.chat_update(blocks=letter.message.blocks, **arguments)
    answer = await _answer(edit, repeatable=True)
    if answer.outcome is Outcome.REFUSED and answer.reason not in GONE:
        answer = await _answer(client.chat_update(blocks=[], **arguments), repeatable=True)
    return answer


async def _look(
    client: AsyncWebClient, workspace: WorkspaceId, delivery: Delivery, letter: Post
) -> str | None:
    """The ``ts`` of this delivery's message, if Slack has it."""
    channel: str = delivery.channel
    if channel.startswith(("U", "W")):  # a DM has an id of its own
        channel = (await client.conversations_open(users=channel))["channel"]["id"]
    since = delivery.first_tried_at or delivery.owed_at
    window: dict[str, Any] = {
        "channel": channel,
        "oldest": f"{(since - SKEW).timestamp():.6f}",
        "include_all_metadata": True,
        "limit": 200,
    }
    if letter.thread is not None:
        seen = await client.conversations_replies(ts=letter.thread, **window)
    else:
        seen = await client.conversations_history(**window)
    mark = _mark(workspace, delivery)
    ours = (it["ts"] for it in seen["messages"] if it.get("metadata") == mark)
    return min(ours, default=None)


def _mark(workspace: WorkspaceId, delivery: Delivery) -> dict[str, Any]:
    """Opaque: everyone in the workspace can read it."""
    name = hashlib.sha256(f"{workspace}/{delivery.key}".encode()).hexdigest()[:32]
    return {"event_type": MARK, "event_payload": {"delivery": name}}


async def _answer(call: Awaitable[Any], *, repeatable: bool = False) -> Answer:
    """Make a call, and say what came of it.

    ``repeatable`` calls come to the same end however often they are made, so that a lost
    answer is no doubt: the call is made again.
    """
    lost = Outcome.NOT_SENT if repeatable else Outcome.IN_DOUBT
    try:
        response = await call
    except ClientConnectorError as error:
        return Answer(Outcome.NOT_SENT, reason=str(error))
    except SlackApiError as error:
        return _refusal(error, lost)
    except (ClientError, TimeoutError) as error:
        return Answer(lost, reason=repr(error))
    return Answer(Outcome.SENT, ts=response.get("ts"))


def _refusal(error: SlackApiError, lost: Outcome) -> Answer:
    response = error.response
    if not isinstance(response.data, dict):
        return Answer(lost, reason="an answer that is not JSON")
    code = str(response.data.get("error", ""))
    if response.status_code == 429 or code in RATE_LIMITED:
        asked = str(response.headers.get("Retry-After", ""))
        wait = timedelta(seconds=int(asked)) if asked.isdecimal() else None
        return Answer(Outcome.NOT_SENT, retry_after=wait, reason=code)
    if code in DESTINATION or code.startswith("restricted_action"):
        return Answer(Outcome.NOT_SENT, retry_after=MENDED_BY_PEOPLE, reason=code)
    if code.startswith(PAYLOAD) or code in GONE:
        return Answer(Outcome.REFUSED, reason=code)
    if code in UNSURE or code.startswith("duplicate_") or response.status_code >= 500:
        return Answer(lost, reason=code)
    return Answer(Outcome.BROKEN, reason=code)
