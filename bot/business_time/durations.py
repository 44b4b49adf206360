"""Lengths of open time as people write them: "90s", "15m", "8h", "3d", "1h30m"."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

_LENGTH = re.compile(r"(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?", re.ASCII)


@dataclass(frozen=True)
class Length:
    """So many days of a calendar, and so much time besides."""

    days: int
    rest: timedelta

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError, whose words say what is wrong and what would be right."""
        found = _LENGTH.fullmatch(text)
        if found is None or not text:
            raise ValueError(
                f'"{text[:40]}" is no length of time; write it like 90s, 15m, 8h, 3d or 1h30m'
            )
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return cls(days, timedelta(hours=hours, minutes=minutes, seconds=seconds))

    def open_time(self, day_hours: float) -> timedelta:
        return self.days * timedelta(hours=day_hours) + self.rest
