"""What time it is, by the database's own clock: hosts whose clocks differ agree on it."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

ASKED_EVERY = 60.0
"""Seconds. In between the time goes on by a clock of the machine that nobody can set."""


class DatabaseClock:
    def __init__(self, until_asked: Callable[[], datetime]) -> None:
        self._read: tuple[datetime, float] | None = None
        self._until_asked = until_asked

    def __call__(self) -> datetime:
        if self._read is None:
            return self._until_asked()
        at, since = self._read
        return at + timedelta(seconds=time.monotonic() - since)

    def ask(self, session: Session) -> None:
        """Ask the database, unless that was done a moment ago."""
        if self._read is None or time.monotonic() - self._read[1] > ASKED_EVERY:
            self._read = (
                session.execute(select(func.clock_timestamp())).scalar_one(),
                (time.monotonic()),
            )
