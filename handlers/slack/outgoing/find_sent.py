"""Looking whether a message arrived whose answer was lost; of twins the earliest is left."""

from dataclasses import replace
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import Delivery, Outcome, SendResult
from bot.people import WorkspaceId
from handlers.slack.outgoing.api_outcome import result_of, result_of_search
from handlers.slack.outgoing.delivery_marker import is_delivery

PAGES_AT_MOST = 3
PAGE = 999
TWINS_AT_MOST = 2
"""To delete in one look: a look is to end before its lease does. The next look goes on."""


async def find_sent(
    client: AsyncWebClient, workspace: WorkspaceId, delivery: Delivery, thread: str | None
) -> SendResult:
    """Not seen is not the same as not there: where not all could be read, it says so."""
    try:
        channel = await _channel_of(client, delivery)
        messages, whole = await _read(client, delivery, channel, thread)
        found = sorted(it["ts"] for it in messages if is_delivery(workspace, delivery, it))
    except (SlackApiError, ClientError, TimeoutError) as error:
        answer = result_of_search(error)
        return replace(answer, ts=thread) if answer.outcome is Outcome.GONE else answer
    if found:
        twins = found[1 : 1 + TWINS_AT_MOST]
        healed = [twin for twin in twins if await _deleted(client, channel, twin)]
        return SendResult(Outcome.SENT, ts=found[0], healed=len(healed))
    if not whole:
        return SendResult(Outcome.IN_DOUBT, reason="could not look: too much was said there since")
    return SendResult(Outcome.ABSENT)


async def _deleted(client: AsyncWebClient, channel: str, twin: str) -> bool:
    answer = await result_of(client.chat_delete(channel=channel, ts=twin))
    return answer.outcome is Outcome.SENT


async def _channel_of(client: AsyncWebClient, delivery: Delivery) -> str:
    if delivery.is_for_one:  # a DM has an id of its own
        opened = await client.conversations_open(users=delivery.channel)
        return str(opened["channel"]["id"])
    return delivery.channel


async def _read(
    client: AsyncWebClient, delivery: Delivery, channel: str, thread: str | None
) -> tuple[list[dict[str, Any]], bool]:
    """What was said since the try, and whether that is all of it."""
    asked: dict[str, Any] = {
        "channel": channel,
        "oldest": f"{delivery.look_from.timestamp():.6f}",
        "include_all_metadata": True,
        "limit": PAGE,
    }
    messages: list[dict[str, Any]] = []
    for _ in range(PAGES_AT_MOST):
        if thread is not None:
            seen = await client.conversations_replies(ts=thread, **asked)
        else:
            seen = await client.conversations_history(**asked)
        messages += seen["messages"]
        if not seen.get("has_more"):
            return messages, True
        asked["cursor"] = seen["response_metadata"]["next_cursor"]
    return messages, False
