"""Send requests to the app: over a socket if one is open, else as signed HTTP."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from handlers.sandbox.faults import Fault, Faults
from handlers.sandbox.interactions.payloads import event_callback
from handlers.sandbox.interactions.signed_request import body_of, headers_of, read_response
from handlers.sandbox.interactions.socket_mode import NoSocket, Sockets
from handlers.sandbox.slack import Slack

# Slack retries an event at once, after one minute, and after another five.
RETRY_DELAYS = (timedelta(minutes=1), timedelta(minutes=5))
REASONS = {"operation_timeout": "http_timeout", "dispatch_failed": "connection_failed"}


@dataclass(frozen=True)
class Reply:
    """The app's response, or the error that replaced it."""

    error: str | None = None
    body: dict[str, Any] = field(default_factory=dict)
    no_retry: bool = False


class Dispatch:
    """Sends commands, interactions and events to the app, with faults and retries applied."""

    def __init__(self, slack: Slack, sockets: Sockets, faults: Faults) -> None:
        self._slack, self._sockets, self._faults = slack, sockets, faults
        self._session: aiohttp.ClientSession | None = None
        self._held: list[dict[str, Any]] = []  # events to deliver after the next one
        self._last: tuple[str, dict[str, Any]] | None = None
        self.request_url: str | None = None
        self.patience = 3.0  # seconds of real time in which the app must answer
        self.retry_delays = RETRY_DELAYS  # delays between event retries, on the sandbox's clock

    async def ask(
        self, kind: str, payload: dict[str, Any], retry: tuple[int, str] | None = None
    ) -> Reply:
        """Send a payload (slash_commands, interactive or events_api) and return the response."""
        self._last = (kind, payload)
        if fault := self._faults.take(kind):
            return await self._request_faulted(fault, kind, payload, retry)
        reply = await self._request(kind, payload, retry)
        if kind == "events_api":
            await self._release_held()
        return reply

    async def _request_faulted(
        self, fault: Fault, kind: str, payload: dict[str, Any], retry: tuple[int, str] | None
    ) -> Reply:
        match fault.kind:
            case "first_lost":
                return Reply("operation_timeout")
            case "reordered":
                self._held.append(payload)
                self._slack.background.spawn(self._release_held_at(self._after(fault)))
                return Reply()
            case "duplicate":
                twice = (self._request(kind, payload, retry) for _ in range(2))
                return (await asyncio.gather(*twice))[0]
        reply = await self._request(kind, payload, retry)
        if fault.kind == "answer_lost":
            return Reply("operation_timeout")
        copy = payload | {"event_id": self._slack.workspace.mint.id("Ev")}
        self._slack.background.spawn(self._deliver_event(copy))
        return reply

    def _after(self, fault: Fault) -> datetime:
        return self._slack.clock() + timedelta(seconds=fault.seconds)

    async def _release_held_at(self, due: datetime) -> None:
        await self._slack.clock.until(due)
        await self._release_held()

    async def _release_held(self) -> None:
        held, self._held = self._held, []
        for payload in held:
            await self._deliver_event(payload)

    async def _request(
        self, kind: str, payload: dict[str, Any], retry: tuple[int, str] | None
    ) -> Reply:
        try:
            async with asyncio.timeout(self.patience):
                return await self._send(kind, payload, retry)
        except TimeoutError:
            return Reply("operation_timeout")
        except (NoSocket, aiohttp.ClientError, OSError):
            return Reply("dispatch_failed")

    async def _send(
        self, kind: str, payload: dict[str, Any], retry: tuple[int, str] | None
    ) -> Reply:
        if self._sockets.any or not self.request_url:
            return Reply(body=await self._sockets.deliver(kind, payload, retry))
        body, content_type = body_of(kind, payload)
        headers = headers_of(self._slack.signing_secret, body, content_type, retry)
        async with self._http().post(
            self.request_url, data=body, headers=headers, allow_redirects=False
        ) as response:
            if 200 <= response.status < 300:
                return Reply(body=await read_response(response))
            error = "http_service_error" if response.status >= 500 else "http_client_error"
            return Reply(error, no_retry=response.headers.get("x-slack-no-retry") == "1")

    async def resend_last(self) -> Reply:
        """Send the last payload again, as Slack does when the response did not arrive.

        Raises:
            ValueError: nothing has been sent yet.
        """
        if self._last is None:
            raise ValueError("nothing has been sent yet")
        kind, payload = self._last
        return await self.ask(kind, payload, (1, "http_timeout"))

    async def tell(self, event: dict[str, Any], *subscriptions: str) -> None:
        """Send an event if the app subscribes to it.

        A failed delivery is retried at once, then later on the sandbox's clock.
        """
        app = self._slack.workspace.app
        if not any(app.subscribes_to(name) for name in subscriptions or (event["type"],)):
            return
        await self._deliver_event(event_callback(self._slack, event))

    async def _deliver_event(self, payload: dict[str, Any]) -> None:
        reply = await self.ask("events_api", payload)
        if reply.error and not reply.no_retry:
            reply = await self.ask("events_api", payload, (1, retry_reason(reply)))
        if reply.error and not reply.no_retry:
            self._slack.background.spawn(self._retry_later(payload, reply, self._slack.clock()))

    def announce(self, event: dict[str, Any]) -> None:
        """Send an event without waiting for the app's response."""
        if self._session:
            self._slack.background.spawn(self.tell(event))

    async def _retry_later(self, payload: dict[str, Any], reply: Reply, due: datetime) -> None:
        for attempt, delay in enumerate(self.retry_delays, start=2):
            due += delay
            await self._slack.clock.until(due)
            reply = await self.ask("events_api", payload, (attempt, retry_reason(reply)))
            if not reply.error or reply.no_retry:
                return

    async def start(self) -> None:
        self._session = aiohttp.ClientSession()

    async def stop(self) -> None:
        if self._session:
            await self._session.close()
        self._session = None

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise NoSocket
        return self._session


def retry_reason(reply: Reply) -> str:
    return REASONS.get(reply.error or "", "http_error")
