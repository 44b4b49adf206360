"""HTTP and WebSockets for the sandbox: uvicorn inside an event loop that already runs."""

import asyncio
import socket
import struct
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

# SO_LINGER on with a zero timeout: closing sends a TCP reset and discards unsent data.
RESET_ON_CLOSE = struct.pack("ii", 1, 0)

SHUTDOWN_SECONDS = 2.0  # for requests in flight


class Connections:
    """The open connections by client address, so that a fault can break one."""

    def __init__(self) -> None:
        self._open: dict[Any, asyncio.Transport] = {}

    def protocol(self) -> type[H11Protocol]:
        """Return a uvicorn protocol that registers its connections here."""
        connections = self._open

        class TrackedProtocol(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn declares it
                connections[transport.get_extra_info("peername")] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                connections.pop(self.transport.get_extra_info("peername"), None)
                super().connection_lost(exc)

        return TrackedProtocol

    def reset(self, client: Any) -> None:
        """Reset the connection of ``client``, a host and port."""
        if transport := self._open.get(client):
            raw = transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            transport.abort()

    def stop_reading(self, client: Any) -> None:
        """Stop reading from ``client`` while its connection stays open."""
        if (transport := self._open.get(client)) and isinstance(transport, asyncio.ReadTransport):
            transport.pause_reading()


class Server(uvicorn.Server):
    """A uvicorn server that runs until ``stopping`` is set; the host process handles signals."""

    def __init__(self, app: ASGIApp, connections: Connections) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=connections.protocol(),
                ws="websockets-sansio",
                lifespan="off",
                log_config=None,
                access_log=False,
            )
        )
        self.up, self.stopping = asyncio.Event(), asyncio.Event()

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # no signals
        return nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        await self.stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Do as uvicorn does, without the fixed 0.1 s wait that would slow down every test."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(SHUTDOWN_SECONDS):
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
                    await asyncio.sleep(0.001)  # uvicorn has no event for it
        for task in self.server_state.tasks:
            task.cancel()
