"""Opening times as instants: the pieces of one year, and an index over several years.

Instants are whole microseconds since 1970, so nothing is lost to rounding.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import chain
from typing import Self
from zoneinfo import ZoneInfo

from bot.business_time.hours import DAY, DatedHours, Hours
from bot.business_time.wall_time import EPOCH, MICROSECOND, at_wall_time

Piece = tuple[int, int]


@dataclass(frozen=True)
class Rules:
    """The rules of one calendar. A later field overrides the ones before it."""

    zone: ZoneInfo
    week: tuple[tuple[Hours, ...], ...]
    closed: tuple[DatedHours, ...]
    open: tuple[DatedHours, ...]

    def year(self, year: int, holidays: Iterable[date]) -> list[Piece]:
        """Return the open pieces of one local year, sorted and disjoint."""
        begins, ends = self.begins(year), self.begins(year + 1)
        days = [date(year - 1, 12, 31) + timedelta(n) for n in range(367)]
        weekly = [self._piece(d, hours) for d in days for hours in self.week[d.weekday()]]
        shut = [self._piece(d, Hours(0, DAY)) for d in holidays]
        shut += self._dated(self.closed, days)
        pieces = joined([*without(joined(weekly), joined(shut)), *self._dated(self.open, days)])
        clipped = ((max(start, begins), min(end, ends)) for start, end in pieces)
        return [(start, end) for start, end in clipped if start < end]

    def begins(self, year: int) -> int:
        return self.instant(date(year, 1, 1), 0)

    def instant(self, day: date, minutes: int) -> int:
        """Return the instant at which the wall clock shows ``minutes`` past midnight of ``day``."""
        days, minute = divmod(minutes, DAY)
        at = time(minute // 60, minute % 60)
        return (at_wall_time(day + timedelta(days), at, self.zone) - EPOCH) // MICROSECOND

    def _dated(self, entries: tuple[DatedHours, ...], days: list[date]) -> list[Piece]:
        by_date: dict[tuple[int, int], list[date]] = {}
        for day in days if entries else ():
            by_date.setdefault((day.month, day.day), []).append(day)
        return [
            self._piece(day, entry.hours)
            for entry in entries
            for day in by_date.get((entry.month, entry.day), ())
            if entry.falls_on(day)
        ]

    def _piece(self, day: date, hours: Hours) -> Piece:
        return self.instant(day, hours.opens), self.instant(day, hours.closes)


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Sort the pieces, merge those that touch or overlap, and drop empty ones."""
    result: list[Piece] = []
    for start, end in sorted(pieces):
        if result and start <= result[-1][1]:
            result[-1] = result[-1][0], max(end, result[-1][1])
        elif start < end:
            result.append((start, end))
    return result


def without(pieces: list[Piece], shut: list[Piece]) -> Iterator[Piece]:
    """Yield what remains of ``pieces`` outside ``shut``; both are sorted and disjoint."""
    first = 0
    for start, end in pieces:
        while first < len(shut) and shut[first][1] <= start:
            first += 1
        here = first
        while here < len(shut) and shut[here][0] < end:
            if start < shut[here][0]:
                yield start, shut[here][0]
            start = shut[here][1]
            here += 1
        if start < end:
            yield start, end


@dataclass(frozen=True)
class Openings:
    """The open pieces of some whole years, with running totals of open time.

    Immutable, so threads may share it. Methods return None if the answer lies outside these
    years.
    """

    first: int
    last: int
    begins: int
    ends: int
    opens: list[int]
    closes: list[int]
    before: list[int]  # open time from ``begins`` to each opening
    through: list[int]  # open time from ``begins`` to each closing

    @classmethod
    def of(
        cls, first: int, last: int, begins: int, ends: int, years: Iterable[list[Piece]]
    ) -> Self:
        opens, closes, before, through = [], [], [], []
        total = 0
        for start, end in joined(chain.from_iterable(years)):
            opens.append(start)
            closes.append(end)
            before.append(total)
            total += end - start
            through.append(total)
        return cls(first, last, begins, ends, opens, closes, before, through)

    def until(self, at: int) -> int:
        """Return the open time from ``begins`` to ``at``."""
        last = bisect_right(self.opens, at) - 1
        if last < 0:
            return 0
        return self.before[last] + min(at, self.closes[last]) - self.opens[last]

    def opening(self, at: int) -> int | None:
        """Return ``at`` itself if the calendar is open then, else the next opening."""
        index = bisect_right(self.closes, at)
        return max(at, self.opens[index]) if index < len(self.opens) else None

    def closing(self, at: int) -> int | None:
        """Return the first closing after ``at``."""
        index = bisect_right(self.closes, at)
        if index == len(self.closes) or self.closes[index] == self.ends:
            return None  # the calendar may stay open into the next year
        return self.closes[index]

    def after(self, at: int, worked: int) -> int | None:
        """Return the instant at which ``worked`` open time has passed since ``at``."""
        if not worked:
            return self.opening(at)
        wanted = self.until(at) + worked
        index = bisect_left(self.through, wanted)
        if index == len(self.through):
            return None
        return self.closes[index] - self.through[index] + wanted

    def ahead_of(self, at: int, worked: int) -> int | None:
        """Return the latest instant with ``worked`` open time left until ``at``."""
        if not worked:
            index = bisect_left(self.opens, at) - 1
            return min(at, self.closes[index]) if index >= 0 else None
        wanted = self.until(at) - worked
        index = bisect_right(self.before, wanted) - 1
        return self.opens[index] - self.before[index] + wanted if index >= 0 else None
