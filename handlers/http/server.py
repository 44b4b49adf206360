"""Serve HTTP in the event loop that is already running."""

import asyncio
import resource
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from functools import partial
from typing import cast

import uvicorn
from starlette.types import ASGIApp

from handlers.http.connections import ARRIVES_WITHIN, MOST_ANONYMOUS, Anonymous, Connection

LOOPBACK, EVERY_ADDRESS = "127.0.0.1", "0.0.0.0"  # noqa: S104
ANSWERED_WITHIN = 4
"""Seconds that open requests get to finish at shutdown. Slack gives up after three."""
SETTLE_SECONDS = 0.01
"""Seconds for connections accepted just before shutdown to register and send their request."""
MOST_FILES, MOST_ACCEPTED = 4096, 1024
"""File descriptors that Baton asks for, and how many new connections may wait to be accepted."""


@asynccontextmanager
async def serving(web: ASGIApp, port: int, host: str = LOOPBACK) -> AsyncIterator[str]:
    """Serve until the block ends; yield the local address.

    Raises:
        OSError: the port is taken.
    """
    server = await start(web, port, host)
    try:
        yield server.url
    finally:
        await server.stop()


async def start(
    web: ASGIApp, port: int, host: str = LOOPBACK, *, arrives_within: float = ARRIVES_WITHIN
) -> "Server":
    """Start a server. Each request must arrive completely within ``arrives_within`` seconds.

    Raises:
        OSError: the port is taken.
    """
    server = Server(web, await _bind(host, port), arrives_within)
    await server.wait_until_started()
    return server


async def _bind(host: str, port: int) -> socket.socket:
    """Return a socket with that address. If uvicorn bound it, a taken port would end the process.

    Raises:
        OSError: the port is taken, or the host has no such address.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    bound = socket.socket(family, kind, protocol)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(address)
    except OSError as error:
        bound.close()
        raise OSError(error.errno, f"{error.strerror}: {host}:{port}") from None
    return bound


def allow_files() -> int:
    """Raise this process's limit of open files, as far as the system permits, and return it.

    Every connection is an open file. Many systems start a process with 256 or 1024 of them.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_FILES
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    return max(soft, wanted)


class Server(uvicorn.Server):
    """A server that has been started in the running event loop."""

    def __init__(self, web: ASGIApp, bound: socket.socket, arrives_within: float) -> None:
        # asyncio accepts all that wait before it reads from one or closes one. So those that wait
        # and those that are open must stay far below the limit of open files.
        files = allow_files()
        anonymous = Anonymous(min(MOST_ANONYMOUS, files // 8))
        connection = partial(Connection, anonymous=anonymous, arrives_within=arrives_within)
        super().__init__(
            uvicorn.Config(
                web,
                http=cast("type[asyncio.Protocol]", connection),
                ws="none",
                backlog=min(MOST_ACCEPTED, files // 5),
                lifespan="off",
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=ANSWERED_WITHIN,
            )
        )
        self._started, self._leaving = asyncio.Event(), asyncio.Event()
        self._running = asyncio.create_task(self.serve([bound]))

    @property
    def url(self) -> str:
        """The address to reach it at from this machine."""
        host, port, *_ = self.servers[0].sockets[0].getsockname()
        return f"http://{LOOPBACK if host == EVERY_ADDRESS else host}:{port}"

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        """Leave signals to Baton: uvicorn would end the process before messages are drained."""
        return nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started.set()

    async def wait_until_started(self) -> None:
        """Wait until the server listens; raise if it could not start."""
        started = asyncio.create_task(self._started.wait())
        await asyncio.wait([started, self._running], return_when=asyncio.FIRST_COMPLETED)
        started.cancel()
        if self._running.done():
            self._running.result()

    async def stop(self) -> None:
        """Finish open requests and close. Does nothing the second time."""
        self.should_exit = True
        self._leaving.set()
        await self._running

    async def main_loop(self) -> None:
        """Like uvicorn's own loop, but wakes at once on shutdown instead of polling."""
        while not await self.on_tick(0):  # updates the Date header
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._leaving.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Like uvicorn's own shutdown, but without a fixed wait if no request is open."""
        for server in self.servers:
            server.close()
        await asyncio.sleep(SETTLE_SECONDS)
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)  # lets idle connections close
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWERED_WITHIN):
                await self._wait_tasks_to_complete()
        for task in self.server_state.tasks:
            task.cancel()
