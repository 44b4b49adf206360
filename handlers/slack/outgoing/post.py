"""The only way from the outbox to Slack: post, edit, publish."""

from dataclasses import replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import Delivery, Outcome, SendResult, Stamp
from bot.people import WorkspaceId
from handlers.slack.outgoing.api_outcome import MISSING_SCOPE, result_of
from handlers.slack.outgoing.compose import Home, Outgoing, Post
from handlers.slack.outgoing.conversation import conversation_of
from handlers.slack.outgoing.delivery_marker import marker_metadata, with_marker

EDIT_LIMIT = 4000  # bytes of text; a post may have more
CANNOT_EDIT = (Outcome.TARGET_DELETED, Outcome.REFUSED)


async def send(
    client: AsyncWebClient,
    workspace: WorkspaceId,
    delivery: Delivery,
    outgoing: Outgoing,
    stamp: Stamp,
) -> SendResult:
    """Send a message once; if Slack rejects its blocks, send it as plain text."""
    if isinstance(outgoing, Home):
        return await result_of(client.views_publish(user_id=outgoing.person, view=outgoing.view))
    blocks = with_marker(workspace, delivery, outgoing.message.blocks, stamp)
    answer = await _post_or_edit(client, workspace, delivery, outgoing, blocks=blocks)
    if answer.outcome is Outcome.REFUSED and blocks:
        answer = await _post_or_edit(client, workspace, delivery, outgoing, blocks=[])
    if outgoing.edits is not None and delivery.redacted and answer.outcome in CANNOT_EDIT:
        await result_of(_delete(client, delivery, outgoing.edits))  # better gone than readable
    if answer.outcome is Outcome.TARGET_DELETED:
        return SendResult(Outcome.TARGET_DELETED, ts=outgoing.thread, reason=answer.reason)
    if delivery.is_direct_message and outgoing.edits and answer.reason == MISSING_SCOPE:
        return replace(answer, outcome=Outcome.UNREACHABLE)  # Baton may not look for the DM
    return answer


async def _post_or_edit(
    client: AsyncWebClient,
    workspace: WorkspaceId,
    delivery: Delivery,
    outgoing: Post,
    *,
    blocks: list[dict[str, Any]],
) -> SendResult:
    arguments: dict[str, Any] = {
        "text": outgoing.message.text,
        "blocks": blocks,
        "metadata": marker_metadata(workspace, delivery),
    }
    if outgoing.edits is not None:
        arguments["text"] = _fitting_an_edit(outgoing.message.text)
        return await result_of(_edit(client, delivery, ts=outgoing.edits, **arguments))
    arguments |= {"thread_ts": outgoing.thread, "unfurl_links": False, "unfurl_media": False}
    return await result_of(client.chat_postMessage(channel=delivery.channel, **arguments))


async def _edit(client: AsyncWebClient, delivery: Delivery, **arguments: Any) -> Any:
    return await client.chat_update(channel=await conversation_of(client, delivery), **arguments)


async def _delete(client: AsyncWebClient, delivery: Delivery, ts: str) -> Any:
    return await client.chat_delete(channel=await conversation_of(client, delivery), ts=ts)


def _fitting_an_edit(text: str) -> str:
    """Return the start of a text that an edit accepts: the blocks have all of it."""
    return text.encode()[:EDIT_LIMIT].decode(errors="ignore")
