"""Waiting for what happens by itself."""

import asyncio
from collections.abc import Callable

IN_TIME = 5  # seconds


async def comes_true(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(IN_TIME):
        while True:
            if what():
                return
            await asyncio.sleep(0.005)
