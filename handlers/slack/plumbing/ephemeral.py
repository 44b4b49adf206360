"""A word to whoever pressed a button: said after the ack, and never the record of anything."""

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

log = logging.getLogger(__name__)


class EphemeralReplies:
    """Says things beside the request, and is waited for when the process ends.

    What it says may be lost with the process. So it only ever explains what the card and
    the thread show as well.
    """

    def __init__(self, session: ClientSession, client: AsyncWebClient) -> None:
        self._session, self._client = session, client
        self._under_way: set[asyncio.Task[None]] = set()

    def reply(self, context: AsyncBoltContext, text: str) -> None:
        """Tell this person alone: where they pressed, or in a DM if that was in no channel."""
        if context.response_url:
            self._start(self._respond(context.response_url, text))
        else:
            self._start(self._send(user_of(context), text))

    def send_dm(self, person: UserId, message: Message) -> None:
        """Show this person something in a DM."""
        self._start(self._send(person, message.text, message.blocks))

    async def drain(self) -> None:
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _start(self, saying: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(saying)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _respond(self, url: str, text: str) -> None:
        body = {"response_type": "ephemeral", "replace_original": False, "text": text}
        try:
            async with self._session.post(url, json=body) as answer:
                if answer.status != 200:
                    log.warning("a courtesy was not taken: %s", answer.status)
        except (ClientError, TimeoutError) as error:
            log.warning("a courtesy was not sent: %r", error)

    async def _send(self, person: UserId, text: str, blocks: list[Block] | None = None) -> None:
        try:
            await self._client.chat_postMessage(channel=person, text=text, blocks=blocks)
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("a courtesy was not sent: %r", error)
