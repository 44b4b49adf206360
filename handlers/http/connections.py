"""Limits on connections, so that strangers cannot keep Slack from being answered.

uvicorn's own limits do not fit: ``limit_concurrency`` would answer Slack with a 503 as well, and a
request that never ends has neither a deadline nor a size.
"""

import asyncio
from typing import Any

from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

ARRIVES_WITHIN = 5.0
"""Seconds from the first byte of a request to its last. Slack gives up after three."""

MOST_HEAD_BYTES = 32 << 10
"""Request line and headers. Those of Slack and a proxy together have about 2 KiB."""

MOST_REQUEST_BYTES = 2 << 20
"""A whole request, as sent. The endpoint refuses a body of more than 1 MiB."""

MOST_ANONYMOUS = 512
"""Open connections without a signed request so far. Each may hold a body of 1 MiB."""

CROWD_SECONDS = 0.05
"""Time for new connections to deliver a signed request before the oldest ones are closed."""

SIGNED_IDLE_SECONDS = 75
"""How long an idle connection with signed requests stays open: longer than a proxy keeps it (nginx:
60 seconds). Otherwise the proxy may send a request just as Baton closes the connection.
"""


def trust_connection(request: Request) -> None:
    """Keep the connection that delivered a correctly signed request."""
    request.state.trust_connection()


class Anonymous:
    """The open connections without a signed request so far, the oldest first."""

    def __init__(self, most: int = MOST_ANONYMOUS) -> None:
        self._most = most
        self._open: dict[Connection, None] = {}
        self._thinning: asyncio.TimerHandle | None = None

    def add(self, connection: "Connection") -> None:
        """Add a connection. If there are too many now, the oldest are closed in a moment."""
        self._open[connection] = None
        if len(self._open) > self._most and self._thinning is None:
            loop = asyncio.get_running_loop()
            # Not at once: asyncio accepts many connections before it reads from any of them.
            self._thinning = loop.call_later(CROWD_SECONDS, self._thin)

    def remove(self, connection: "Connection") -> None:
        self._open.pop(connection, None)

    def _thin(self) -> None:
        self._thinning = None
        too_many = max(0, len(self._open) - self._most)  # some may have gone meanwhile
        closable = [connection for connection in self._open if not connection.is_being_answered]
        for connection in closable[:too_many]:
            connection.transport.abort()


class Connection(HttpToolsProtocol):
    """An HTTP connection that limits the time and the size of each request."""

    def __init__(
        self, *args: Any, anonymous: Anonymous, arrives_within: float, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._anonymous, self._arrives_within = anonymous, arrives_within
        self._deadline: asyncio.TimerHandle | None = None
        self._in_head, self._received = True, 0
        self.app_state = {"trust_connection": self._trust}

    @property
    def is_being_answered(self) -> bool:
        """Whether a request has arrived and its client takes the answer."""
        cycle, writable = self.cycle, not self.flow.write_paused
        return writable and cycle is not None and not (cycle.more_body or cycle.response_complete)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn declares it
        super().connection_made(transport)
        self._anonymous.add(self)
        self._start_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        self._anonymous.remove(self)
        self._stop_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._start_deadline()
        head, rest = data, b""
        if self._in_head:  # parsed first, because 256 KiB can hold 20,000 headers
            head, rest = data[:MOST_HEAD_BYTES], data[MOST_HEAD_BYTES:]
        self._feed(head)
        if rest and not self.transport.is_closing():
            self._feed(rest)

    def _feed(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)
        limit = MOST_HEAD_BYTES if self._in_head else MOST_REQUEST_BYTES
        if self._received >= limit:
            self.transport.abort()

    def on_headers_complete(self) -> None:
        """Start the request. An error here makes uvicorn answer 400 and close the connection.

        Raises:
            ValueError: the client did not wait for the previous answer. Slack always does, and a
                thousand such requests fit into one packet.
        """
        if self.cycle is not None and not self.cycle.response_complete:
            raise ValueError("pipelined request")
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._stop_deadline()
        self._in_head, self._received = True, 0
        if self.cycle.response_complete:  # refused while its body was still arriving
            self.transport.close()

    def _trust(self) -> None:
        self._anonymous.remove(self)
        self.timeout_keep_alive = SIGNED_IDLE_SECONDS

    def _start_deadline(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self._arrives_within, self.transport.abort)

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
