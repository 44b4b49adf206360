"""Replies that only the person who pressed a button sees."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from aiohttp import ClientError, ClientSession
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import UserId
from handlers.slack.context import user_of
from handlers.slack.views.blocks import Block, Message
from handlers.slack.web_session import reason_of

log = logging.getLogger(__name__)


class EphemeralReplies:
    """Best-effort replies to the person who pressed a button, sent after the ack.

    They are not in the outbox and may be lost in a crash, so they only repeat what the card and
    the thread already show.
    """

    def __init__(self, session: ClientSession, client: AsyncWebClient) -> None:
        self._session, self._client = session, client
        self._tasks: set[asyncio.Task[None]] = set()

    def reply(self, context: AsyncBoltContext, text: str) -> None:
        """Reply ephemerally where the button was pressed, or by DM outside a channel."""
        if context.response_url:
            self._start(self._respond(context.response_url, text))
        else:
            self._start(self._post(user_of(context), text))

    def send_dm(self, person: UserId, message: Message) -> None:
        self._start(self._post(person, message.text, message.blocks))

    async def drain(self) -> None:
        """Wait for the replies that are under way."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, sending: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(sending)
        self._tasks.add(task)  # the loop keeps only a weak reference
        task.add_done_callback(self._tasks.discard)

    async def _respond(self, url: str, text: str) -> None:
        body = {"response_type": "ephemeral", "replace_original": False, "text": text}
        try:
            async with self._session.post(url, json=body) as response:
                if response.status != 200:
                    log.warning("ephemeral reply rejected: %s", response.status)
        except (ClientError, TimeoutError) as error:
            log.warning("ephemeral reply not sent: %s", reason_of(error))

    async def _post(self, person: UserId, text: str, blocks: list[Block] | None = None) -> None:
        try:
            await self._client.chat_postMessage(channel=person, text=text, blocks=blocks)
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("direct message not sent: %s", reason_of(error))
