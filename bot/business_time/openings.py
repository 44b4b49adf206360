"""When a desk is open, as instants: one year worked out, and many years laid end to end.

Instants here are whole microseconds since 1970, so that nothing is lost to rounding.
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
    """What one calendar says: the later a field, the more it counts."""

    zone: ZoneInfo
    week: tuple[tuple[Hours, ...], ...]
    closed: tuple[DatedHours, ...]
    open: tuple[DatedHours, ...]

    def year(self, year: int, holidays: Iterable[date]) -> list[Piece]:
        """The open stretches of one local year, in order and apart from one another."""
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
        """``minutes`` by the wall clock from the midnight that begins ``day``."""
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
    """In order, with those that touch or overlap made one; empty ones are dropped."""
    result: list[Piece] = []
    for start, end in sorted(pieces):
        if result and start <= result[-1][1]:
            result[-1] = result[-1][0], max(end, result[-1][1])
        elif start < end:
            result.append((start, end))
    return result


def without(pieces: list[Piece], shut: list[Piece]) -> Iterator[Piece]:
    """What remains of ``pieces``; both are in order, and apart."""
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
    """The open stretches of some whole years, with the open time before and after each.

    Never changed once made, so that any number of threads may read it. An answer of None
    means that it lies outside these years.
    """

    first: int
    last: int
    begins: int
    ends: int
    opens: list[int]
    closes: list[int]
    before: list[int]  # open time from the beginning until each opening
    through: list[int]  # ... and until each closing

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
        """Open time from the beginning until ``at``."""
        last = bisect_right(self.opens, at) - 1
        if last < 0:
            return 0
        return self.before[last] + min(at, self.closes[last]) - self.opens[last]

    def opening(self, at: int) -> int | None:
        """``at`` itself if the desk is open then, else the next opening."""
        this = bisect_right(self.closes, at)
        return max(at, self.opens[this]) if this < len(self.opens) else None

    def closing(self, at: int) -> int | None:
        """The first closing after ``at``."""
        this = bisect_right(self.closes, at)
        if this == len(self.closes) or self.closes[this] == self.ends:
            return None  # it may go on into the next year
        return self.closes[this]

    def after(self, at: int, worked: int) -> int | None:
        if not worked:
            return self.opening(at)
        wanted = self.until(at) + worked
        this = bisect_left(self.through, wanted)
        if this == len(self.through):
            return None
        return self.closes[this] - self.through[this] + wanted

    def ahead_of(self, at: int, worked: int) -> int | None:
        """The latest instant from which ``worked`` open time remains until ``at``."""
        if not worked:
            this = bisect_left(self.opens, at) - 1
            return min(at, self.closes[this]) if this >= 0 else None
        wanted = self.until(at) - worked
        this = bisect_right(self.before, wanted) - 1
        return self.opens[this] - self.before[this] + wanted if this >= 0 else None
