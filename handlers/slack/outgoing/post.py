"""The one way out to Slack for what is owed: post, edit, publish."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import Answer, Delivery, Outcome
from bot.people import WorkspaceId
from handlers.slack.outgoing.api_outcome import answer_of
from handlers.slack.outgoing.compose import Home, Letter, Post
from handlers.slack.outgoing.delivery_marker import marked, metadata_of


async def send(
    client: AsyncWebClient, workspace: WorkspaceId, delivery: Delivery, letter: Letter
) -> Answer:
    """One try: what Slack refuses for its blocks is said in plain words."""
    if isinstance(letter, Home):
        return await answer_of(client.views_publish(user_id=letter.person, view=letter.view))
    blocks = marked(workspace, delivery, letter.message.blocks)
    answer = await _say(client, workspace, delivery, letter, blocks=blocks)
    if answer.outcome is Outcome.REFUSED and blocks:
        answer = await _say(client, workspace, delivery, letter, blocks=[])
    if answer.outcome is Outcome.GONE:
        return Answer(Outcome.GONE, ts=letter.thread, reason=answer.reason)
    return answer


async def _say(
    client: AsyncWebClient,
    workspace: WorkspaceId,
    delivery: Delivery,
    letter: Post,
    *,
    blocks: list[dict[str, Any]],
) -> Answer:
    said: dict[str, Any] = {
        "channel": delivery.channel,
        "text": letter.message.text,
        "blocks": blocks,
        "metadata": metadata_of(workspace, delivery),
    }
    if letter.edits is not None:
        return await answer_of(client.chat_update(ts=letter.edits, **said))
    said |= {"thread_ts": letter.thread, "unfurl_links": False, "unfurl_media": False}
    return await answer_of(client.chat_postMessage(**said))
