"""Serving HTTP in the loop that is already running."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

import uvicorn
from starlette.types import ASGIApp

ANSWERED_WITHIN = 4
"""Seconds that requests under way may take to end: Slack waits for three."""


@asynccontextmanager
async def serving(web: ASGIApp, port: int) -> AsyncIterator[str]:
    """Serve until the block ends; gives the address on this machine.

    Raises:
        OSError: the port is taken.
    """
    server = _Server(web, port)
    running = asyncio.create_task(server.serve())
    try:
        await server.up(running)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


class _Server(uvicorn.Server):
    def __init__(self, web: ASGIApp, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                web,
                host="0.0.0.0",  # noqa: S104  Slack, and who asks after our health, are outside
                port=port,
                lifespan="off",
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=ANSWERED_WITHIN,
            )
        )
        self._started = asyncio.Event()

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # none
        """The signals are ours: uvicorn would end the process before it has drained."""
        return nullcontext()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup()
        self._started.set()

    async def up(self, running: asyncio.Task[None]) -> None:
        started = asyncio.create_task(self._started.wait())
        await asyncio.wait([started, running], return_when=asyncio.FIRST_COMPLETED)
        started.cancel()
        if running.done():
            running.result()
