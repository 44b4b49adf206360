"""Socket Mode: connections to Slack, and a watchdog that replaces dead ones."""

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from aiohttp import ClientError, ClientTimeout
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import BadSettings
from handlers.http.server import ANSWERED_WITHIN
from handlers.i18n import _
from handlers.slack.web_session import reason_of, socket_session

log = logging.getLogger(__name__)

CONNECTIONS = 2
"""Slack closes a connection about every hour; the other one receives meanwhile."""

CONNECTS_WITHIN = ClientTimeout(total=10)
PING_SECONDS = 5
DEAD_SECONDS = 30.0
"""A connection without a pong for this long is dead, even if it reports to be open."""


class Sockets:
    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        self._app, self._app_token, self._client = app, app_token, client
        self.handlers: list[AsyncSocketModeHandler] = []
        self._watchdog: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[object]] = set()

    async def open(self) -> None:
        """Connect, and retry until Slack answers.

        Raises:
            BadSettings: Slack rejects the app token.
        """
        try:
            await self._client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            if error.response.status_code == 200:
                reason = error.response["error"]
                message = _("Slack refuses SLACK_APP_TOKEN ({reason}). Copy it again.")
                raise BadSettings(message.format(reason=reason)) from None
        except (ClientError, TimeoutError) as error:
            log.warning("Slack does not answer yet: %s", reason_of(error))
        self.handlers = [await self._make() for _ in range(CONNECTIONS)]
        await asyncio.gather(*(handler.client.connect() for handler in self.handlers))
        self._watchdog = asyncio.create_task(self._watch())

    async def close(self) -> None:
        if self._watchdog is not None:
            self._watchdog.cancel()
            with suppress(asyncio.CancelledError):
                await self._watchdog
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=ANSWERED_WITHIN)
        for handler in self.handlers:
            await _end(handler)

    async def replace_dead(self, *, now: float) -> None:
        """Replace each dead connection. ``now`` is a ``time.time()``."""
        for place, handler in enumerate(self.handlers):
            if not is_dead(handler.client, now=now):
                continue
            log.warning("replacing a dead connection to Slack")
            await _end(handler)
            self.handlers[place] = new = await self._make()
            await new.client.connect()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            await self.replace_dead(now=time.time())

    async def _make(self) -> AsyncSocketModeHandler:
        handler = AsyncSocketModeHandler(
            self._app, self._app_token, web_client=self._client, ping_interval=PING_SECONDS
        )
        await _use_our_session(handler.client)

        async def answer(_client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
            with self._tracked():
                await handler.handle(handler.client, request)

        handler.client.socket_mode_request_listeners = [answer]
        return handler

    @contextmanager
    def _tracked(self) -> Iterator[None]:
        """Track the task of a request: the SDK never awaits it, and ``close`` has to."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  for mypy: a listener runs in a task
        self._under_way.add(task)
        try:
            yield
        finally:
            self._under_way.discard(task)


def is_dead(client: SocketModeClient, *, now: float) -> bool:
    """Return whether nothing can arrive over this connection, and it will not recover."""
    tasks = (client.message_receiver, client.message_processor, client.current_session_monitor)
    if any(task is None or task.done() for task in tasks):
        return True
    pong_at = client.last_ping_pong_time
    return pong_at is not None and now - pong_at > DEAD_SECONDS


async def _use_our_session(client: SocketModeClient) -> None:
    """Replace the SDK's HTTP session, which follows redirects."""

    def forget_url() -> None:
        # Its ticket is good for one use. The SDK would try it again and again after a failure.
        client.wss_uri = None

    await client.aiohttp_client_session.close()
    client.aiohttp_client_session = socket_session(CONNECTS_WITHIN, forget_url)


async def _end(handler: AsyncSocketModeHandler) -> None:
    """Close a connection and wait for the tasks that the SDK only cancels."""
    client: SocketModeClient = handler.client
    tasks = (client.message_receiver, client.message_processor, client.current_session_monitor)
    await client.close()
    await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
