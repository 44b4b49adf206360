"""A business calendar: when the calendar is open in one time zone, and how open time is counted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from bot.business_time.durations import Length
from bot.business_time.hours import DAY, WEEKDAYS, DatedHours, Hours, overlaps
from bot.business_time.openings import Rules
from bot.business_time.periods import Stretch, explain
from bot.business_time.public_holidays import Region
from bot.business_time.wall_time import MICROSECOND, time_zone
from bot.business_time.years import REACH, Almanac, instant, microseconds
from bot.messages import N_, InvalidInput


@dataclass(frozen=True)
class Calendar:
    """The opening hours of a desk.

    A special opening overrides a closed day or a holiday, which overrides the weekly hours.

    Datetimes passed in must be aware and lie between 1970 and 2100; all others raise ValueError.
    Datetimes returned are in UTC.
    """

    zone: str
    week: tuple[tuple[Hours, ...], ...]  # seven, Monday first
    holidays: Region | None = None
    closed: tuple[DatedHours, ...] = ()
    open: tuple[DatedHours, ...] = ()
    day_hours: float = 8  # what "1d" is worth
    _almanac: Almanac = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the fields and prepare the yearly lookup.

        Raises:
            InvalidInput: the zone or the region is unknown, or windows overlap.
        """
        if len(self.week) != len(WEEKDAYS):
            raise ValueError("a week has seven days, Monday first")
        for _, _, overlap in overlaps(self.week):
            raise InvalidInput(overlap.message, **overlap.params)
        if self.holidays is not None and (mistake := self.holidays.mistake()):
            _, sentence = mistake
            raise InvalidInput(sentence.message, **sentence.params)
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
        """Build a calendar from text: ``Calendar.of("UTC", {"mon": ["09:00-18:00"]})``.

        Raises:
            InvalidInput: an entry cannot be read.
        """
        if unknown := week.keys() - set(WEEKDAYS):
            raise InvalidInput(
                N_('"{day}" is not a weekday; the weekdays are {known}'),
                day=min(unknown)[:40],
                known=", ".join(WEEKDAYS),
            )
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
        """The open time of a week without holidays, closures or special openings."""
        return sum(
            (timedelta(minutes=hours.closes - hours.opens) for day in self.week for hours in day),
            timedelta(0),
        )

    def after(self, start: datetime, worked: timedelta) -> datetime:
        """Return the instant at which ``worked`` open time has passed since ``start``.

        Args:
            start: outside opening hours, counting begins at the next opening.
            worked: open time, not wall time: 8 h is one whole nine-to-five day. Zero returns
                ``start`` if the calendar is open then, else the next opening.

        Returns:
            The due instant. If the count ends exactly at closing time, the closing time itself,
            not the next opening.

        Raises:
            ValueError: ``worked`` is negative, or exceeds the open time of the next ten years.
        """
        at, wanted = microseconds(start), _not_negative(worked)
        known = self._almanac.around(at)
        while (found := known.after(at, wanted)) is None:
            if (more := self._almanac.later(known, at)) is None:
                raise ValueError(f"the calendar is not open for {worked} in {REACH} years")
            known = more
        return instant(found)

    def before(self, end: datetime, worked: timedelta) -> datetime:
        """Return the latest instant with ``worked`` open time left until ``end``.

        The mirror of ``after``: a count that ends exactly at an opening returns that opening.
        Zero returns ``end`` if the calendar is open until then, else the last closing.

        Raises:
            ValueError: ``worked`` is negative, or exceeds the open time of the past ten years.
        """
        at, wanted = microseconds(end), _not_negative(worked)
        known = self._almanac.around(at)
        while (found := known.ahead_of(at, wanted)) is None:
            if (more := self._almanac.earlier(known, at)) is None:
                raise ValueError(f"the calendar was not open for {worked} in {REACH} years")
            known = more
        return instant(found)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time from ``start`` to ``end``; zero if ``end`` is not later."""
        begins, ends = microseconds(start), microseconds(end)
        if ends <= begins:
            return timedelta(0)
        known = self._almanac.around(begins, ends)
        return timedelta(microseconds=known.until(ends) - known.until(begins))

    def is_open(self, at: datetime) -> bool:
        """Say whether the calendar is open. Opening times are included, closing times are not."""
        exact = microseconds(at)
        return self._almanac.around(exact).opening(exact) == exact

    def next_opening(self, at: datetime) -> datetime:
        """Return the next opening, or ``at`` itself if the calendar is open then.

        Raises:
            ValueError: the calendar does not open in the next ten years.
        """
        return self.after(at, timedelta(0))

    def duration(self, text: str) -> timedelta:
        """Read a length such as "90s", "15m", "8h", "3d" or "1h30m"; one day is ``day_hours``.

        Raises:
            InvalidInput: the text is not a length of time.
        """
        return Length.read(text).open_time(self.day_hours)

    def stretches(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """Yield the time between the two as open and closed stretches, with the reason of each."""
        yield from explain(self._almanac, microseconds(start), microseconds(end))


def _not_negative(worked: timedelta) -> int:
    if worked < timedelta(0):
        raise ValueError(f"open time is never negative, but got {worked}")
    return worked // MICROSECOND


ALWAYS = Calendar("UTC", ((Hours(0, DAY),),) * 7, day_hours=24)
"""The 24x7 calendar, which never closes."""
