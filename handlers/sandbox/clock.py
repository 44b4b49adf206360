"""A clock that stands still, runs, or is wound forward; everything here tells time by it."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Call it for the time: aware, UTC. Running, it also moves with real time."""

    def __init__(self, start: datetime, running: bool = False) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock starts at an aware time")
        self._shown = start.astimezone(UTC)
        self._since = time.monotonic() if running else None
        self._wound = asyncio.Event()

    def __call__(self) -> datetime:
        if self._since is None:
            return self._shown
        return self._shown + timedelta(seconds=time.monotonic() - self._since)

    def wind(self, by: timedelta) -> None:
        """Move forward. Nothing in Slack ever happens earlier than what came before it.

        Raises:
            ValueError: ``by`` is negative.
        """
        if by < timedelta(0):
            raise ValueError("a clock is only wound forward")
        self._shown += by
        self._wound.set()
        self._wound = asyncio.Event()

    def wind_to(self, instant: datetime) -> None:
        """Move forward to ``instant``, aware; raises ValueError if it has passed."""
        self.wind(instant - self())

    async def until(self, instant: datetime) -> None:
        """Wait until this clock shows ``instant``; one that stands still must be wound."""
        while (left := instant - self()) > timedelta(0):
            wound = self._wound.wait()
            try:
                await asyncio.wait_for(wound, left.total_seconds() if self._since else None)
            except TimeoutError:
                continue
