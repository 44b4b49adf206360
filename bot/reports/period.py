"""The period of a report: a range of whole local days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from bot.business_time import at_wall_time, time_zone

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """The days from ``first`` to ``last``, both included, in a time zone.

    Days at a daylight saving change have 23 or 25 hours.
    """

    first: date
    last: date
    zone: str

    @classmethod
    def week(cls, at: datetime, zone: str) -> Self:
        """Return the week of an instant, Monday to Sunday."""
        today = at.astimezone(time_zone(zone)).date()
        monday = today - today.weekday() * DAY
        return cls(monday, monday + 6 * DAY, zone)

    @classmethod
    def named(cls, words: str, *, at: datetime, zone: str) -> Self | None:
        """Return the period called ``week``, ``last week``, ``month`` or ``last month``.

        Empty is this week, and ``this`` may come first. None for anything else.
        """
        week = cls.week(at, zone)
        first = at.astimezone(time_zone(zone)).date().replace(day=1)
        match words.removeprefix("this "):
            case "" | "week":
                return week
            case "last week":
                return cls(week.first - 7 * DAY, week.first - DAY, zone)
            case "month":
                return cls(first, (first + 31 * DAY).replace(day=1) - DAY, zone)
            case "last month":
                return cls((first - DAY).replace(day=1), first - DAY, zone)
        return None

    @property
    def since(self) -> datetime:
        """The first instant of the period."""
        return self._midnight(self.first)

    @property
    def until(self) -> datetime:
        """The first instant after the period."""
        return self._midnight(self.last + DAY)

    def days(self) -> Iterator["Period"]:
        """Yield each day as a period of its own."""
        for number in range((self.last - self.first).days + 1):
            day = self.first + number * DAY
            yield Period(day, day, self.zone)

    def _midnight(self, day: date) -> datetime:
        return at_wall_time(day, time(0), time_zone(self.zone))
