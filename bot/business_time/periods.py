"""Why the desk is open or closed, piece by piece, for an account in words."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.business_time.hours import DAY, WHOLE_DAY
from bot.business_time.years import Almanac, instant

WEEKDAY_NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
NAMED_ONE_BY_ONE = 7  # days; a longer closure is told by its first and last


class Stretch(NamedTuple):
    """One piece of time, open or closed throughout: ``[start, end)``."""

    start: datetime
    end: datetime
    open: bool
    why: str


def explain(almanac: Almanac, start: int, end: int) -> Iterator[Stretch]:
    """The pieces between the two instants, in order and without a gap."""
    if start >= end:
        return
    known = almanac.around(start, end)
    here = start
    while here < end:
        opening = known.opening(here)
        if opening == here:
            until = min(known.closing(here) or end, end)
            yield Stretch(instant(here), instant(until), True, "open")
        else:
            until = end if opening is None else min(opening, end)
            yield Stretch(instant(here), instant(until), False, _why(almanac, here, until))
        here = until


def _why(almanac: Almanac, start: int, end: int) -> str:
    zone = almanac.rules.zone
    begins, ends = instant(start).astimezone(zone), instant(end).astimezone(zone)
    days = _whole_days(almanac, start, end, begins.date())
    if len(days) > NAMED_ONE_BY_ONE:
        return f"closed {_day_of_month(days[0])} to {_day_of_month(days[-1])}"
    if days:
        return "closed " + ", ".join(_named(almanac, day) for day in days)
    if begins.date() != ends.date() and ends.time() != datetime.min.time():
        return "closed overnight"
    return f"closed {begins:%H:%M}-{ends:%H:%M}"


def _whole_days(almanac: Almanac, start: int, end: int, first: date) -> list[date]:
    """The local days that the desk spends closed and that this piece is part of."""
    days = []
    day = first
    while (begins := almanac.rules.instant(day, 0)) < end:
        ends = almanac.rules.instant(day, DAY)
        if begins < ends and _closed_throughout(almanac, begins, ends):
            days.append(day)
        day += timedelta(1)
    return days


def _closed_throughout(almanac: Almanac, begins: int, ends: int) -> bool:
    opening = almanac.around(begins).opening(begins)
    return opening is None or opening >= ends


def _named(almanac: Almanac, day: date) -> str:
    weekday = WEEKDAY_NAMES[day.weekday()]
    if holiday := almanac.holidays(day.year).get(day):
        return f"{weekday} ({holiday})"
    if any(entry.falls_on(day) and entry.hours == WHOLE_DAY for entry in almanac.rules.closed):
        return f"{weekday} {_day_of_month(day)}"
    return weekday


def _day_of_month(day: date) -> str:
    return f"{day.day} {MONTH_NAMES[day.month - 1]}"
