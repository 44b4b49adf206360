"""Lengths of open time as people write them: "90s", "15m", "8h", "3d" or "1h30m"."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from bot.messages import N_, InvalidInput

_LENGTH = re.compile(r"(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?", re.ASCII)


@dataclass(frozen=True)
class Length:
    """A number of business days plus a time; a calendar says how long one day is."""

    days: int
    rest: timedelta

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a length.

        Raises:
            InvalidInput: the text is not a length of time.
        """
        found = _LENGTH.fullmatch(text)
        if found is None or not text:
            raise InvalidInput(
                N_('"{text}" is not a length of time; write it like 90s, 15m, 8h, 3d or 1h30m'),
                text=text[:40],
            )
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return cls(days, timedelta(hours=hours, minutes=minutes, seconds=seconds))

    def open_time(self, day_hours: float) -> timedelta:
        return self.days * timedelta(hours=day_hours) + self.rest
