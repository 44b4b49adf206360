"""Compare the calendar with an independent count, minute by minute.

The oracle reads the wall clock at each minute of a few days and marks the minute open or closed.
It is slow and simple, and uses no intervals, sums or searches.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from bot.business_time import WEEKDAYS, Calendar, at_wall_time, time_zone

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BACK, AHEAD = timedelta(days=4), timedelta(days=8)
FIRST = datetime(1990, 1, 1, tzinfo=UTC)


# The oracle.


@dataclass(frozen=True)
class Desk:
    """Opening hours as text."""

    zone: str
    week: tuple[tuple[str, ...], ...]
    closed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()

    def calendar(self) -> Calendar:
        week = dict(zip(WEEKDAYS, self.week, strict=True))
        return Calendar.of(self.zone, week, closed=self.closed, open=self.open)


class Minutes:
    """Every minute from ``BACK`` before an instant to ``AHEAD`` after it, marked open or closed."""

    def __init__(self, desk: Desk, around: datetime) -> None:
        self.begins = around - BACK
        self._shown, self._latest = wall_clock(desk.zone, self.begins)
        self.open = [False] * len(self._shown)
        dates = sorted({shown.date() for shown in self._shown})
        first, last = dates[0] - DAY, dates[-1]
        every_date = [first + n * DAY for n in range((last - first).days + 1)]
        for day in every_date:
            for window in desk.week[day.weekday()]:
                self._mark(day, window, True)
        for entry in desk.closed:
            for day in every_date:
                if f"{day}".endswith(entry.split()[0]):
                    self._mark(day, [*entry.split(), "00:00-24:00"][1], False)
        for entry in desk.open:
            self._mark(date.fromisoformat(entry.split()[0]), entry.split()[1], True)

    def _mark(self, day: date, window: str, is_open: bool) -> None:
        start, end = window.split("-")
        first, last = self._minute(day, start), self._minute(day + DAY * (end <= start), end)
        for minute in range(first, last):
            self.open[minute] = is_open

    def _minute(self, day: date, shown: str) -> int:
        """Return the first minute at which the wall clock shows or has passed a time."""
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  a wall time
        hour, minute = shown.split(":")
        wanted = midnight + timedelta(hours=int(hour), minutes=int(minute))
        return bisect_left(self._latest, wanted)

    def after(self, start: datetime, worked: timedelta) -> datetime | None:
        here, left = start, worked
        for minute in range((start - self.begins) // MINUTE, len(self.open)):
            ends = self.begins + (minute + 1) * MINUTE
            if self.open[minute]:
                if left <= ends - here and (left or here < ends):
                    return here + left
                left -= ends - here
            here = ends
        return None

    def before(self, end: datetime, worked: timedelta) -> datetime | None:
        here, left = end, worked
        for minute in range(-((self.begins - end) // MINUTE) - 1, -1, -1):
            begins = self.begins + minute * MINUTE
            if self.open[minute]:
                if left <= here - begins:
                    return here - left
                left -= here - begins
            here = begins
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        total = timedelta(0)
        for minute in range((start - self.begins) // MINUTE, len(self.open)):
            begins = self.begins + minute * MINUTE
            if begins >= end:
                break
            if self.open[minute]:
                total += min(end, begins + MINUTE) - max(start, begins)
        return total

    def is_open(self, at: datetime) -> bool:
        return self.open[(at - self.begins) // MINUTE]


@lru_cache(maxsize=32)
def wall_clock(zone: str, begins: datetime) -> tuple[list[datetime], list[datetime]]:
    """Return the wall time at each minute, and the latest wall time shown up to each minute."""
    instants = (begins + n * MINUTE for n in range((BACK + AHEAD) // MINUTE))
    shown = [at.astimezone(time_zone(zone)).replace(tzinfo=None, fold=0) for at in instants]
    return shown, list(accumulate(shown, max))


@cache
def clock_changes(zone: str) -> list[datetime]:
    """Find each change of offset from 1990 to 2070 by scanning days, then minutes."""
    clock = time_zone(zone)
    days = ((at, offset(at, clock)) for at in (FIRST + n * DAY for n in range(80 * 365)))
    found = [datetime(2026, 3, 29, 1, tzinfo=UTC)]  # so that the list is never empty
    for (before, old), (_, new) in pairwise(days):
        if old != new:
            minutes = (before + n * MINUTE for n in range(1, 24 * 60 + 1))
            found.append(next(at for at in minutes if offset(at, clock) != old))
    return found


def offset(at: datetime, clock: ZoneInfo) -> timedelta | None:
    return at.astimezone(clock).utcoffset()


# Hypothesis strategies.


def clock_text(quarters: int) -> str:
    return f"{quarters // 4:02}:{quarters % 4 * 15:02}"


@st.composite
def same_every_day(draw: st.DrawFn) -> tuple[tuple[str, ...], ...]:
    """Draw split shifts for most days, often near midnight, where clocks change."""
    hours = st.integers(0, 24) if draw(st.booleans()) else st.integers(0, 96)
    scale = 4 if draw(st.booleans()) else 1
    cuts = sorted(draw(st.sets(hours.map(lambda n: min(n * scale, 96)), min_size=2, max_size=6)))
    assume(len(cuts) >= 2)
    shifts = [
        f"{clock_text(a)}-{clock_text(b)}" for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    if len(cuts) % 2 and 0 < cuts[0] <= cuts[-1] < 96:
        shifts.append(f"{clock_text(cuts[-1])}-{clock_text(cuts[0])}")  # through the night
    off = draw(st.sets(st.integers(0, 6), max_size=5))
    return tuple(() if day in off else tuple(draw(st.permutations(shifts))) for day in range(7))


@st.composite
def any_week(draw: st.DrawFn) -> tuple[tuple[str, ...], ...]:
    """Draw windows shorter than a day anywhere in the week, Sunday night included."""
    cuts = sorted(draw(st.sets(st.integers(0, 7 * 96 - 1), min_size=2, max_size=14)))
    week: list[list[str]] = [[] for _ in range(7)]
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        end = min(end, start + 95)
        closes = end % 96 or 96
        week[start // 96].append(f"{clock_text(start % 96)}-{clock_text(closes)}")
    return tuple(tuple(day) for day in week)


@st.composite
def dated(draw: st.DrawFn, near: date, *, whole_days: bool) -> str:
    day = near + draw(st.integers(-3, 5)) * DAY
    text = f"{day:%m-%d}" if whole_days and draw(st.booleans()) else f"{day}"
    if whole_days and draw(st.booleans()):
        return text
    start, end = draw(st.integers(0, 95)), draw(st.integers(1, 96))
    assume(start != end)
    return f"{text} {clock_text(start)}-{clock_text(end)}"


@st.composite
def questions(draw: st.DrawFn) -> tuple[Desk, datetime, datetime, timedelta]:
    """Draw a desk, a clock change, an instant near it, and a length of open time."""
    zone = draw(st.sampled_from(ZONES))
    change = draw(st.sampled_from(clock_changes(zone)))
    near = change.astimezone(time_zone(zone)).date()
    desk = Desk(
        zone,
        draw(st.one_of(same_every_day(), any_week())),
        tuple(draw(st.lists(dated(near, whole_days=True), max_size=3))),
        tuple(draw(st.lists(dated(near, whole_days=False), max_size=2))),
    )
    minutes = st.integers(-60, 120) if draw(st.booleans()) else st.integers(-3 * 1440, 3 * 1440)
    around = change + draw(minutes) * MINUTE + timedelta(seconds=draw(st.sampled_from([0, 0, 17])))
    quarters = draw(st.integers(0, 4 * 30)) * timedelta(minutes=15)
    return desk, change, around, quarters + timedelta(seconds=draw(st.sampled_from([0, 0, 61])))


# The comparison.


@given(questions())
def test_open_time_agrees_with_a_count_of_minutes(
    drawn: tuple[Desk, datetime, datetime, timedelta],
) -> None:
    desk, change, start, worked = drawn
    calendar, minutes = desk.calendar(), Minutes(desk, change)
    assert calendar.is_open(start) == minutes.is_open(start)
    if (due := minutes.after(start, worked)) is not None:
        assert calendar.after(start, worked) == due
        assert calendar.between(start, due) == minutes.between(start, due) == worked
        assert [piece.open for piece in calendar.stretches(start, due)] == sides(
            minutes, start, due
        )
    if (begins := minutes.before(start, worked)) is not None:
        assert calendar.before(start, worked) == begins


def sides(minutes: Minutes, start: datetime, end: datetime) -> list[bool]:
    """Return open or closed, once for each stretch between the two instants."""
    last = -((minutes.begins - end) // MINUTE) if start < end else 0
    marks = minutes.open[(start - minutes.begins) // MINUTE : last]
    return [mark for at, mark in enumerate(marks) if at == 0 or marks[at - 1] != mark]


@given(st.sampled_from(ZONES), st.data())
def test_a_wall_time_is_the_first_minute_that_shows_or_has_passed_it(
    zone: str, data: st.DataObject
) -> None:
    change = data.draw(st.sampled_from(clock_changes(zone)))
    shown, _ = wall_clock(zone, change - BACK)
    middle = BACK // MINUTE
    near = shown[middle + data.draw(st.integers(-180, 180))]
    at = near + data.draw(st.integers(-120, 120)) * MINUTE
    first = next(minute for minute, shows in enumerate(shown) if shows >= at)
    found = at_wall_time(at.date(), at.time(), time_zone(zone))
    assert found == change - BACK + first * MINUTE


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Asia/Kolkata"])
@given(any_week(), st.integers(0, 20 * 365 * 1440))
def test_the_calendar_agrees_with_the_opening_hours_library_away_from_clock_changes(
    zone: str, week: tuple[tuple[str, ...], ...], minute: int
) -> None:
    at = datetime(2010, 1, 1, tzinfo=UTC) + minute * MINUTE
    clock = ZoneInfo(zone)
    assume(len({offset(at + n * DAY, clock) for n in range(-2, 11)}) == 1)
    calendar = Desk(zone, week).calendar()
    other = OpeningHours(as_osm_text(week), timezone=clock)
    local = at.astimezone(clock)
    assert calendar.is_open(at) == other.is_open(local)
    stretch = next(calendar.stretches(at, at + 9 * DAY))
    if stretch.open and stretch.end < at + 9 * DAY:
        assert other.next_change(local) == stretch.end
    elif not stretch.open:
        assert other.next_change(local) == calendar.next_opening(at)


def as_osm_text(week: tuple[tuple[str, ...], ...]) -> str:
    """Write the week as OpenStreetMap does, splitting windows at midnight.

    In that format the hours of a day override a window that began the day before.
    """
    days: list[list[str]] = [[] for _ in week]
    for day, windows in enumerate(week):
        for start, end in (window.split("-") for window in windows):
            if start < end:
                days[day].append(f"{start}-{end}")
            else:
                days[day].append(f"{start}-24:00")
                days[(day + 1) % 7].append(f"00:00-{end}")
    names = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    return "; ".join(f"{n} {','.join(d)}" for n, d in zip(names, days, strict=True) if d)


def test_the_oracle_is_right_about_a_plain_weekend() -> None:
    desk = Desk("Europe/Berlin", (("09:00-18:00",),) * 5 + ((), ()))
    clock = time_zone("Europe/Berlin")
    friday = datetime(2026, 3, 27, 17, tzinfo=clock).astimezone(UTC)
    minutes = Minutes(desk, friday)
    monday = at_wall_time(date(2026, 3, 30), time(10), clock)
    assert minutes.after(friday, timedelta(hours=2)) == monday
    assert minutes.before(monday, timedelta(hours=2)) == friday
