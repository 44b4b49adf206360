"""The only way from the outbox to Slack: post, edit, publish."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import Delivery, Outcome, SendResult, Stamp
from bot.people import WorkspaceId
from handlers.slack.outgoing.api_outcome import result_of
from handlers.slack.outgoing.compose import Home, Outgoing, Post
from handlers.slack.outgoing.delivery_marker import marker_metadata, with_marker


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
    if answer.outcome is Outcome.TARGET_DELETED:
        return SendResult(Outcome.TARGET_DELETED, ts=outgoing.thread, reason=answer.reason)
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
        "channel": delivery.channel,
        "text": outgoing.message.text,
        "blocks": blocks,
        "metadata": marker_metadata(workspace, delivery),
    }
    if outgoing.edits is not None:
        return await result_of(client.chat_update(ts=outgoing.edits, **arguments))
    arguments |= {"thread_ts": outgoing.thread, "unfurl_links": False, "unfurl_media": False}
    return await result_of(client.chat_postMessage(**arguments))
