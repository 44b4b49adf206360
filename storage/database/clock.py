"""The database server's clock, so that hosts with different clocks agree on the time."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

REFRESH_EVERY = 60.0
"""Seconds. In between, the host's monotonic clock measures the time since the last query."""


class DatabaseClock:
    """Returns the database's time; until the first ``ask``, the time of ``fallback``."""

    def __init__(self, fallback: Callable[[], datetime]) -> None:
        self._read: tuple[datetime, float] | None = None
        self._fallback = fallback

    def __call__(self) -> datetime:
        if self._read is None:
            return self._fallback()
        at, since = self._read
        return at + timedelta(seconds=time.monotonic() - since)

    def ask(self, session: Session) -> None:
        """Query the database for its time, unless the last query was less than a minute ago."""
        if self._read is None or time.monotonic() - self._read[1] > REFRESH_EVERY:
            self._read = (
                session.execute(select(func.clock_timestamp())).scalar_one(),
                time.monotonic(),
            )
