"""One computation for all who ask at the same time, and for some seconds after."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")

FRESH = timedelta(seconds=5)


class SharedResult(Generic[T]):
    """Calls ``compute`` at most once every five seconds, however many readers there are."""

    def __init__(self, compute: Callable[[], Awaitable[T]], clock: Callable[[], datetime]) -> None:
        self._compute, self._clock = compute, clock
        self._result: asyncio.Future[T] | None = None
        self._since = clock()

    async def get(self) -> T:
        if self._result is None or (self._result.done() and not self._is_fresh()):
            self._since = self._clock()
            self._result = asyncio.ensure_future(self._compute())
        # Shielded: the others wait for the same result if this reader leaves.
        return await asyncio.shield(self._result)

    def _is_fresh(self) -> bool:
        return timedelta(0) <= self._clock() - self._since < FRESH
