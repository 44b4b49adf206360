"""Serve HTTP in the event loop that is already running."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress

import uvicorn
from starlette.types import ASGIApp

LOOPBACK, EVERY_ADDRESS = "127.0.0.1", "0.0.0.0"  # noqa: S104
ANSWERED_WITHIN = 4
"""Seconds that open requests get to finish at shutdown. Slack gives up after three."""
SETTLE_SECONDS = 0.01
"""Seconds for connections accepted just before shutdown to register and send their request."""


@asynccontextmanager
async def serving(web: ASGIApp, port: int, host: str = LOOPBACK) -> AsyncIterator[str]:
    """Serve until the block ends; yield the local address.

    Raises:
        OSError: the port is taken.
    """
    server = _Server(web, host, port)
    running = asyncio.create_task(server.serve())
    try:
        await server.wait_until_started(running)
        address = LOOPBACK if host == EVERY_ADDRESS else host
        yield f"http://{address}:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.stop()
        await running


class _Server(uvicorn.Server):
    def __init__(self, web: ASGIApp, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                web,
                host=host,
                port=port,
                lifespan="off",
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=ANSWERED_WITHIN,
            )
        )
        self._started, self._leaving = asyncio.Event(), asyncio.Event()

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        """Leave signals to Baton: uvicorn would end the process before messages are drained."""
        return nullcontext()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup()
        self._started.set()

    async def wait_until_started(self, running: asyncio.Task[None]) -> None:
        """Wait until the server listens; raise if it could not start."""
        started = asyncio.create_task(self._started.wait())
        await asyncio.wait([started, running], return_when=asyncio.FIRST_COMPLETED)
        started.cancel()
        if running.done():
            running.result()

    def stop(self) -> None:
        self.should_exit = True
        self._leaving.set()

    async def main_loop(self) -> None:
        """Like uvicorn's own loop, but wakes at once on shutdown instead of polling."""
        while not await self.on_tick(0):  # updates the Date header
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._leaving.wait()

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
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
