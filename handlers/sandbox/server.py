"""The sandbox over real HTTP and WebSockets: uvicorn in the loop that is already running."""

import asyncio
import socket
import struct
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

LINGER_NOT = struct.pack("ii", 1, 0)  # close with a reset, and throw away what is unsent

PATIENCE = 2.0  # seconds that requests under way have to end in


class Connections:
    """The open connections, by the address at their other end, so that one can be cut."""

    def __init__(self) -> None:
        self._open: dict[Any, asyncio.Transport] = {}

    def protocol(self) -> type[H11Protocol]:
        connections = self._open

        class Noted(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn declares it
                connections[transport.get_extra_info("peername")] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                connections.pop(self.transport.get_extra_info("peername"), None)
                super().connection_lost(exc)

        return Noted

    def cut(self, client: Any) -> None:
        """Reset the connection of ``client``, host and port."""
        if transport := self._open.get(client):
            line = transport.get_extra_info("socket")
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            transport.abort()

    def deafen(self, client: Any) -> None:
        """Hear no more of ``client``, and let it notice nothing."""
        if (transport := self._open.get(client)) and isinstance(transport, asyncio.ReadTransport):
            transport.pause_reading()


class Server(uvicorn.Server):
    """Serves until told to stop; signals are the business of whoever runs the loop."""

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
        self.up, self.leaving = asyncio.Event(), asyncio.Event()

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # none
        return nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        await self.leaving.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's own, but without its fixed tenth of a second, which every test would pay."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
                    await asyncio.sleep(0.001)  # uvicorn has no event for it
        for task in self.server_state.tasks:
            task.cancel()
