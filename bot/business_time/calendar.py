"""A calendar: when the desk is open, in one zone, and how open time is counted in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from bot.business_time.durations import Length
from bot.business_time.hours import DAY, WEEKDAYS, DatedHours, Hours, overlaps
from bot.business_time.openings import Openings, Rules
from bot.business_time.periods import Stretch, explain
from bot.business_time.public_holidays import Region
from bot.business_time.wall_time import MICROSECOND, time_zone
from bot.business_time.years import REACH, Almanac, instant, microseconds


@dataclass(frozen=True)
class Calendar:
    """At an instant, a special opening counts first, then a closed day or a holiday, then
    the windows of the week.

    Every instant that comes in is aware, in any zone, and from 1970 to 2100, or it is a
    ValueError; every one that goes out is UTC.
    """

    zone: str
    week: tuple[tuple[Hours, ...], ...]  # seven, Monday first
    holidays: Region | None = None
    closed: tuple[DatedHours, ...] = ()
    open: tuple[DatedHours, ...] = ()
    day_hours: float = 8  # what "1d" is worth
    _almanac: Almanac = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raises ValueError: an unknown zone or region, windows that overlap."""
        if len(self.week) != len(WEEKDAYS):
            raise ValueError("a week has seven days, Monday first")
        for _, _, words in overlaps(self.week):
            raise ValueError(words)
        if self.holidays is not None and (mistake := self.holidays.mistake()):
            raise ValueError(mistake[1])
        rules = Rules(time_zone(self.zone), self.week, self.closed, self.open)
        object.__setattr__(self, "_almanac", Almanac(rules, self.holidays))

    @classmethod
    def of(
        cls,
        zone: str,
        week: Mapping[str, Iterable[str]],
        *,
        holidays: tuple[str, str | None] | None = None,
        closed: Iterable[str] = (),
        open: Iterable[str] = (),
        day_hours: float = 8,
    ) -> Self:
        """From hours as people write them: ``Calendar.of("UTC", {"mon": ["09:00-18:00"]})``.

        Raises:
            ValueError: with words for whoever wrote them.
        """
        if unknown := week.keys() - set(WEEKDAYS):
            raise ValueError(f"{sorted(unknown)} are no weekdays; write {', '.join(WEEKDAYS)}")
        return cls(
            zone,
            tuple(tuple(map(Hours.read, week.get(day, ()))) for day in WEEKDAYS),
            Region(*holidays) if holidays else None,
            tuple(DatedHours.read(entry) for entry in closed),
            tuple(DatedHours.read(entry, hours_needed=True) for entry in open),
            day_hours,
        )

    @property
    def weekly(self) -> timedelta:
        """Open time in an ordinary week."""
        return sum(
            (timedelta(minutes=hours.closes - hours.opens) for day in self.week for hours in day),
            timedelta(0),
        )

    def after(self, start: datetime, worked: timedelta) -> datetime:
        """The instant at which ``worked`` open time has passed since ``start``.

        Args:
            start: outside opening hours the count begins at the next opening.
            worked: open time, not wall time: 8 h is one whole nine-to-five day. None at all
                ends at ``start`` if the desk is open then, else at the next opening.

        Returns:
            A count that ends exactly at closing time ends there.

        Raises:
            ValueError: ``worked`` is negative, or is more than the desk is open in the ten
                years to come.
        """
        at, wanted = microseconds(start), _not_negative(worked)
        known = self._almanac.around(at)
        while (found := known.after(at, wanted)) is None:
            if (more := self._almanac.later(known, at)) is None:
                raise ValueError(f"the desk is not open for {worked} in {REACH} years")
            known = more
        return instant(found)

    def before(self, end: datetime, worked: timedelta) -> datetime:
        """The latest instant from which ``worked`` open time remains until ``end``.

        The mirror of ``after``: a count back that ends exactly at an opening ends there, and
        none at all ends at ``end`` if the desk is open until then, else at the last closing.

        Raises:
            ValueError: ``worked`` is negative, or is more than the desk was open in the ten
                years gone by.
        """
        at, wanted = microseconds(end), _not_negative(worked)
        known = self._almanac.around(at)
        while (found := known.ahead_of(at, wanted)) is None:
            if (more := self._almanac.earlier(known, at)) is None:
                raise ValueError(f"the desk was not open for {worked} in {REACH} years")
            known = more
        return instant(found)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Open time from ``start`` until ``end``; none if ``end`` is not the later."""
        begins, ends = microseconds(start), microseconds(end)
        if ends <= begins:
            return timedelta(0)
        known = self._almanac.around(begins, ends)
        return timedelta(microseconds=known.until(ends) - known.until(begins))

    def after_many(self, starts: Sequence[datetime], worked: Sequence[timedelta]) -> list[datetime]:
        """``after`` for each pair; the two are equally long."""
        return [self.after(start, length) for start, length in zip(starts, worked, strict=True)]

    def between_many(self, starts: Sequence[datetime], ends: Sequence[datetime]) -> list[timedelta]:
        """``between`` for each pair; the two are equally long."""
        return [self.between(start, end) for start, end in zip(starts, ends, strict=True)]

    def is_open(self, at: datetime) -> bool:
        """At its opening the desk is open, at its closing it is not."""
        exact = microseconds(at)
        return self._almanac.around(exact).opening(exact) == exact

    def next_opening(self, at: datetime) -> datetime:
        """``at`` itself if the desk is open then. ValueError: never in the next ten years."""
        return self.after(at, timedelta(0))

    def next_closing(self, at: datetime) -> datetime | None:
        """The first closing after ``at``; None if there is none in the next ten years."""
        exact = microseconds(at)
        known: Openings | None = self._almanac.around(exact)
        while known is not None:
            if (found := known.closing(exact)) is not None:
                return instant(found)
            known = self._almanac.later(known, exact)
        return None

    def duration(self, text: str) -> timedelta:
        """Open time as people write it: "90s", "15m", "8h", "3d", "1h30m"; d is ``day_hours``.

        Raises:
            ValueError: with words for whoever wrote it.
        """
        return Length.read(text).open_time(self.day_hours)

    def stretches(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """What lies between the two, piece by piece: open or closed, and why."""
        yield from explain(self._almanac, microseconds(start), microseconds(end))


def _not_negative(worked: timedelta) -> int:
    if worked < timedelta(0):
        raise ValueError(f"open time is never negative, as {worked} is")
    return worked // MICROSECOND


ALWAYS = Calendar("UTC", ((Hours(0, DAY),),) * 7, day_hours=24)
"""24x7: open at every instant."""
