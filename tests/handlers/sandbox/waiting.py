"""Waiting for what happens by itself."""

import asyncio
from collections.abc import Callable

IN_TIME = 60  # seconds, on a machine with other things to do


async def comes_true(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(IN_TIME):
        while True:
            if what():
                return
            await asyncio.sleep(0.005)
