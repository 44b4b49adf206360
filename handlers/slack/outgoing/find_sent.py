"""Find a message whose answer was lost, and delete its later duplicates."""

import time
from dataclasses import replace
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import Delivery, Outcome, SendResult
from bot.people import WorkspaceId
from handlers.slack.outgoing.api_outcome import result_of, result_of_search
from handlers.slack.outgoing.conversation import conversation_of
from handlers.slack.outgoing.delivery_marker import is_delivery

PAGES_AT_MOST = 10
READ_FOR_AT_MOST = 40.0  # seconds: the search must end before its lease
PAGE = 999
DELETIONS_AT_MOST = 2
"""Deletions in one search, which must end before its lease; the next search continues."""


async def find_sent(
    client: AsyncWebClient, workspace: WorkspaceId, delivery: Delivery, thread: str | None
) -> SendResult:
    """Search the channel, or the thread, for the message.

    *Absent* means that everything since the try was read. An error leaves the message in doubt.
    """
    try:
        channel = await conversation_of(client, delivery)
        messages, whole = await _read(client, delivery, channel, thread)
        found = sorted(it["ts"] for it in messages if is_delivery(workspace, delivery, it))
    except (SlackApiError, ClientError, TimeoutError) as error:
        answer = result_of_search(error)
        return replace(answer, ts=thread) if answer.outcome is Outcome.TARGET_DELETED else answer
    if found:
        twins = found[1 : 1 + DELETIONS_AT_MOST]
        duplicates_deleted = [twin for twin in twins if await _deleted(client, channel, twin)]
        return SendResult(Outcome.SENT, ts=found[0], duplicates_deleted=len(duplicates_deleted))
    if not whole:  # the next search would have even more to read
        return SendResult(Outcome.CANNOT_SEARCH, reason="too many messages to search")
    return SendResult(Outcome.ABSENT)


async def _deleted(client: AsyncWebClient, channel: str, twin: str) -> bool:
    answer = await result_of(client.chat_delete(channel=channel, ts=twin))
    return answer.outcome is Outcome.SENT


async def _read(
    client: AsyncWebClient, delivery: Delivery, channel: str, thread: str | None
) -> tuple[list[dict[str, Any]], bool]:
    """Return the messages since the try, and whether those are all."""
    arguments: dict[str, Any] = {
        "channel": channel,
        "oldest": f"{delivery.look_from.timestamp():.6f}",
        "include_all_metadata": True,
        "limit": PAGE,
    }
    messages: list[dict[str, Any]] = []
    until = time.monotonic() + READ_FOR_AT_MOST
    for _ in range(PAGES_AT_MOST):
        if time.monotonic() > until:
            break
        if thread is not None:
            seen = await client.conversations_replies(ts=thread, **arguments)
        else:
            seen = await client.conversations_history(**arguments)
        messages += seen["messages"]
        if not seen.get("has_more"):
            return messages, True
        arguments["cursor"] = seen["response_metadata"]["next_cursor"]
    return messages, False
