"""Opening hours as people write them: "09:00-12:30", "2026-12-31 13:00-18:00"."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60  # minutes

_CLOCK = r"([01]\d|2[0-4]):([0-5]\d)"
_HOURS = re.compile(rf"{_CLOCK}\s*-\s*{_CLOCK}", re.ASCII)
_DATED = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})(?:[ T]+(\S.*))?", re.ASCII)


@dataclass(frozen=True, order=True)
class Hours:
    """A half-open window of one day, in minutes from its midnight.

    One that ends past minute 1440 goes on into the next day.
    """

    opens: int
    closes: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError, whose words say what is wrong and what would be right."""
        if (found := _HOURS.fullmatch(text.strip())) is None:
            raise ValueError(f'"{text[:40]}" is no window of hours; write "09:00-18:00"')
        opens, closes = _minutes(found[1], found[2]), _minutes(found[3], found[4])
        if opens >= DAY or closes > DAY:
            raise ValueError(
                f'"{text[:40]}" leaves the day; it runs from 00:00, and its end is 24:00 at most'
            )
        if opens == closes:
            raise ValueError(
                f'"{text[:40]}" ends where it begins; write "00:00-24:00" for the whole day'
            )
        return cls(opens, closes if closes > opens else closes + DAY)

    def __str__(self) -> str:
        closes = self.closes if self.closes <= DAY else self.closes - DAY
        return f"{_clock(self.opens)}-{_clock(closes)}"


WHOLE_DAY = Hours(0, DAY)


@dataclass(frozen=True)
class DatedHours:
    """Hours on one date, or on that date of every year if ``year`` is None."""

    year: int | None
    month: int
    day: int
    hours: Hours = WHOLE_DAY

    @classmethod
    def read(cls, text: str, *, hours_needed: bool = False) -> Self:
        """Raises ValueError, whose words say what is wrong and what would be right."""
        found = _DATED.fullmatch(text.strip())
        if found is None or (hours_needed and found[4] is None):
            right = '"2026-12-05 10:00-14:00"'
            if not hours_needed:
                right = f'"2026-12-24", "12-24" for every year, or {right}'
            raise ValueError(f'"{text[:40]}" is no date with hours; write {right}')
        year, month, day = int(found[1]) if found[1] else None, int(found[2]), int(found[3])
        try:
            date(year or 2000, month, day)  # a leap year: 02-29 comes round too
        except ValueError:
            raise ValueError(f'"{text[:40]}" is a day that no calendar has') from None
        return cls(year, month, day, Hours.read(found[4]) if found[4] else WHOLE_DAY)

    def falls_on(self, day: date) -> bool:
        return (self.month, self.day) == (day.month, day.day) and self.year in (None, day.year)

    def __str__(self) -> str:
        year = "" if self.year is None else f"{self.year:04}-"
        hours = "" if self.hours == WHOLE_DAY else f" {self.hours}"
        return f"{year}{self.month:02}-{self.day:02}{hours}"


def overlaps(week: tuple[tuple[Hours, ...], ...]) -> list[tuple[int, int, str]]:
    """Windows that begin before an earlier one has ended: weekday, position, and the words."""
    found = []
    in_order = sorted(
        (weekday * DAY + hours.opens, weekday * DAY + hours.closes, weekday, position)
        for weekday, windows in enumerate(week)
        for position, hours in enumerate(windows)
    )
    if not in_order:
        return []
    opens, closes, weekday, position = in_order[-1]
    ended, last = closes - 7 * DAY, (weekday, position)  # Sunday night runs into Monday
    for opens, closes, weekday, position in in_order:
        if opens < ended and (weekday, position) != last:
            other = f"{WEEKDAYS[last[0]]} {week[last[0]][last[1]]}"
            this = f"{WEEKDAYS[weekday]} {week[weekday][position]}"
            words = f"{other} and {this} overlap; let one end where the other begins"
            found.append((weekday, position, words))
        if closes > ended:
            ended, last = closes, (weekday, position)
    return found


def _minutes(hour: str, minute: str) -> int:
    return int(hour) * 60 + int(minute)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
