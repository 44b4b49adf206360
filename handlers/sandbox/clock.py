"""The sandbox's clock: it stands still or runs, and can be moved forward."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """A clock to call for the current time, as an aware UTC datetime.

    It moves only when it is advanced; a running clock also follows real time.
    """

    def __init__(self, start: datetime, running: bool = False) -> None:
        if start.tzinfo is None:
            raise ValueError("the start must be an aware datetime")
        self._base = start.astimezone(UTC)
        self._since = time.monotonic() if running else None
        self._advanced = asyncio.Event()

    def __call__(self) -> datetime:
        if self._since is None:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def advance(self, by: timedelta) -> None:
        """Move the clock forward. It cannot go back, because Slack's timestamps only increase.

        Raises:
            ValueError: ``by`` is negative.
        """
        if by < timedelta(0):
            raise ValueError("a clock can only move forward")
        self._base += by
        self._advanced.set()
        self._advanced = asyncio.Event()

    def advance_to(self, instant: datetime) -> None:
        """Move the clock forward to ``instant``.

        Raises:
            ValueError: ``instant`` has passed.
        """
        self.advance(instant - self())

    async def until(self, instant: datetime) -> None:
        """Wait until this clock reaches ``instant``. A clock that stands still must be advanced."""
        while (left := instant - self()) > timedelta(0):
            advanced = self._advanced.wait()
            try:
                await asyncio.wait_for(advanced, left.total_seconds() if self._since else None)
            except TimeoutError:
                continue
