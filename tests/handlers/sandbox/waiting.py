"""Wait for things that happen in the background."""

import asyncio
from collections.abc import Callable

IN_TIME = 60  # seconds; generous, because the machine may be busy


async def comes_true(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds; TimeoutError after ``IN_TIME`` seconds."""
    async with asyncio.timeout(IN_TIME):
        while True:
            if condition():
                return
            await asyncio.sleep(0.005)
