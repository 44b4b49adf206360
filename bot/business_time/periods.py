"""Split time into open and closed stretches and say why each is closed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.business_time.hours import DAY, WHOLE_DAY
from bot.business_time.years import Almanac, instant
from bot.messages import N_, Sentence

WEEKDAY_NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
MOST_DAYS_LISTED = 7  # a longer closure is described by its first and last day


class Stretch(NamedTuple):
    """A half-open stretch of time, ``[start, end)``, open or closed throughout."""

    start: datetime
    end: datetime
    open: bool
    why: Sentence


def explain(almanac: Almanac, start: int, end: int) -> Iterator[Stretch]:
    """Yield the stretches between two instants, in order and without gaps."""
    if start >= end:
        return
    known = almanac.around(start, end)
    here = start
    while here < end:
        opening = known.opening(here)
        if opening == here:
            until = min(known.closing(here) or end, end)
            yield Stretch(instant(here), instant(until), True, Sentence.of(N_("open")))
        else:
            until = end if opening is None else min(opening, end)
            yield Stretch(instant(here), instant(until), False, _why(almanac, here, until))
        here = until


def _why(almanac: Almanac, start: int, end: int) -> Sentence:
    zone = almanac.rules.zone
    begins, ends = instant(start).astimezone(zone), instant(end).astimezone(zone)
    days = _whole_days(almanac, start, end, begins.date())
    if len(days) > MOST_DAYS_LISTED:
        return Sentence.of(
            N_("closed {first} to {last}"),
            first=_day_of_month(days[0]),
            last=_day_of_month(days[-1]),
        )
    if days:
        return Sentence.of(
            N_("closed {days}"), days=", ".join(_name_of(almanac, day) for day in days)
        )
    if begins.date() != ends.date() and ends.time() != datetime.min.time():
        return Sentence.of(N_("closed overnight"))
    return Sentence.of(N_("closed {begins}-{ends}"), begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}")


def _whole_days(almanac: Almanac, start: int, end: int, first: date) -> list[date]:
    """Return the local days that this stretch touches and on which the calendar never opens."""
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


def _name_of(almanac: Almanac, day: date) -> str:
    weekday = WEEKDAY_NAMES[day.weekday()]
    if holiday := almanac.holidays(day.year).get(day):
        return f"{weekday} ({holiday})"
    if any(entry.falls_on(day) and entry.hours == WHOLE_DAY for entry in almanac.rules.closed):
        return f"{weekday} {_day_of_month(day)}"
    return weekday


def _day_of_month(day: date) -> str:
    return f"{day.day} {MONTH_NAMES[day.month - 1]}"
