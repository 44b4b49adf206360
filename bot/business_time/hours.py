"""Opening hours as people write them: "09:00-12:30" or "2026-12-31 13:00-18:00"."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from bot.messages import N_, InvalidInput, Sentence

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60  # minutes

_CLOCK = r"([01]\d|2[0-4]):([0-5]\d)"
_HOURS = re.compile(rf"{_CLOCK}\s*-\s*{_CLOCK}", re.ASCII)
_DATED = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})(?:[ T]+(\S.*))?", re.ASCII)


@dataclass(frozen=True, order=True)
class Hours:
    """An opening window of one day, in minutes from midnight; ``closes`` is excluded.

    A window that ends after minute 1440 runs into the next day.
    """

    opens: int
    closes: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a window. "22:00-06:00" ends on the next day.

        Raises:
            InvalidInput: the text is not a window of hours.
        """
        if (found := _HOURS.fullmatch(text.strip())) is None:
            raise InvalidInput(
                N_('"{text}" is not a window of opening hours; write "09:00-18:00"'),
                text=text[:40],
            )
        opens, closes = _minutes(found[1], found[2]), _minutes(found[3], found[4])
        if opens >= DAY or closes > DAY:
            raise InvalidInput(
                N_('"{text}" does not fit in a day; start before 24:00 and end by 24:00'),
                text=text[:40],
            )
        if opens == closes:
            raise InvalidInput(
                N_('"{text}" ends where it begins; write "00:00-24:00" for the whole day'),
                text=text[:40],
            )
        return cls(opens, closes if closes > opens else closes + DAY)

    def __str__(self) -> str:
        closes = self.closes if self.closes <= DAY else self.closes - DAY
        return f"{_clock(self.opens)}-{_clock(closes)}"


WHOLE_DAY = Hours(0, DAY)


@dataclass(frozen=True)
class DatedHours:
    """Hours on one date, or on the same date of every year if ``year`` is None."""

    year: int | None
    month: int
    day: int
    hours: Hours = WHOLE_DAY

    @classmethod
    def read(cls, text: str, *, hours_needed: bool = False) -> Self:
        """Read a date with optional hours; the whole day if it has none.

        Raises:
            InvalidInput: the text is not a date, or lacks hours although ``hours_needed``.
        """
        found = _DATED.fullmatch(text.strip())
        if found is None and not hours_needed:
            raise InvalidInput(
                N_(
                    '"{text}" is not a date; write "2026-12-24", "12-24" for every year, '
                    'or "2026-12-05 10:00-14:00"'
                ),
                text=text[:40],
            )
        if found is None or (hours_needed and found[4] is None):
            raise InvalidInput(
                N_('"{text}" is not a date with hours; write "2026-12-05 10:00-14:00"'),
                text=text[:40],
            )
        year, month, day = int(found[1]) if found[1] else None, int(found[2]), int(found[3])
        try:
            date(year or 2000, month, day)  # 2000 is a leap year, so a yearly 02-29 is valid
        except ValueError:
            raise InvalidInput(
                N_('"{text}" is not a real date; check the month and the day'), text=text[:40]
            ) from None
        return cls(year, month, day, Hours.read(found[4]) if found[4] else WHOLE_DAY)

    def falls_on(self, day: date) -> bool:
        return (self.month, self.day) == (day.month, day.day) and self.year in (None, day.year)

    def __str__(self) -> str:
        year = "" if self.year is None else f"{self.year:04}-"
        hours = "" if self.hours == WHOLE_DAY else f" {self.hours}"
        return f"{year}{self.month:02}-{self.day:02}{hours}"


def overlaps(week: tuple[tuple[Hours, ...], ...]) -> list[tuple[int, int, Sentence]]:
    """Return every window that begins before an earlier one has ended.

    Each with its weekday, its position among that day's windows, and a message.
    """
    found = []
    in_order = sorted(
        (weekday * DAY + hours.opens, weekday * DAY + hours.closes, weekday, position)
        for weekday, windows in enumerate(week)
        for position, hours in enumerate(windows)
    )
    if not in_order:
        return []
    opens, closes, weekday, position = in_order[-1]
    ended, last = closes - 7 * DAY, (weekday, position)  # Sunday night may run into Monday
    for opens, closes, weekday, position in in_order:
        if opens < ended and (weekday, position) != last:
            sentence = Sentence.of(
                N_("{first} and {second} overlap; end one where the other begins"),
                first=f"{WEEKDAYS[last[0]]} {week[last[0]][last[1]]}",
                second=f"{WEEKDAYS[weekday]} {week[weekday][position]}",
            )
            found.append((weekday, position, sentence))
        if closes > ended:
            ended, last = closes, (weekday, position)
    return found


def _minutes(hour: str, minute: str) -> int:
    return int(hour) * 60 + int(minute)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
