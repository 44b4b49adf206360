"""Counting open time: one example for each rule."""

import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from bot.business_time import ALWAYS, Calendar, at_wall_time, time_zone

WEEK = ("mon", "tue", "wed", "thu", "fri")
NINE_TO_SIX = {day: ["09:00-18:00"] for day in WEEK}
HOUR = timedelta(hours=1)


def nine_to_six(
    zone: str = "Europe/Berlin",
    *,
    holidays: tuple[str, str | None] | None = None,
    closed: Sequence[str] = (),
    open: Sequence[str] = (),
) -> Calendar:
    return Calendar.of(zone, NINE_TO_SIX, holidays=holidays, closed=closed, open=open)


def local(text: str, zone: str = "Europe/Berlin", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=time_zone(zone), fold=fold)


def closing(desk: Calendar, at: datetime) -> datetime:
    """Return when the desk, which is open at ``at``, closes."""
    return next(desk.stretches(at, at + timedelta(days=7))).end


@pytest.mark.parametrize(
    ("start", "worked", "due"),
    [
        ("2026-03-03 10:00", 2 * HOUR, "2026-03-03 12:00"),
        ("2026-03-03 17:00", 2 * HOUR, "2026-03-04 10:00"),
        ("2026-03-06 17:00", 2 * HOUR, "2026-03-09 10:00"),  # over a weekend
        ("2026-03-03 07:00", 1 * HOUR, "2026-03-03 10:00"),  # opened before the calendar
        ("2026-03-03 18:00", 1 * HOUR, "2026-03-04 10:00"),  # opened at closing time
        ("2026-03-03 09:00", 9 * HOUR, "2026-03-03 18:00"),  # fills the day exactly
        ("2026-03-03 09:00", 18 * HOUR, "2026-03-04 18:00"),
        ("2026-03-03 10:00", 0 * HOUR, "2026-03-03 10:00"),
        ("2026-03-03 18:00", 0 * HOUR, "2026-03-04 09:00"),
        ("2026-03-07 12:00", 0 * HOUR, "2026-03-09 09:00"),
        ("2026-12-31 17:00", 2 * HOUR, "2027-01-01 10:00"),  # over the end of a year
    ],
)
def test_a_target_is_due_after_that_much_open_time(start: str, worked: timedelta, due: str) -> None:
    assert nine_to_six().after(local(start), worked) == local(due)


@pytest.mark.parametrize(
    ("end", "worked", "begins"),
    [
        ("2026-03-03 12:00", 2 * HOUR, "2026-03-03 10:00"),
        ("2026-03-04 10:00", 2 * HOUR, "2026-03-03 17:00"),
        ("2026-03-04 10:00", 1 * HOUR, "2026-03-04 09:00"),  # the opening, not the last closing
        ("2026-03-09 10:00", 2 * HOUR, "2026-03-06 17:00"),
        ("2026-03-03 20:00", 9 * HOUR, "2026-03-03 09:00"),
        ("2026-03-03 12:00", 0 * HOUR, "2026-03-03 12:00"),
        ("2026-03-03 18:00", 0 * HOUR, "2026-03-03 18:00"),
        ("2026-03-03 09:00", 0 * HOUR, "2026-03-02 18:00"),
        ("2026-01-01 10:00", 2 * HOUR, "2025-12-31 17:00"),
    ],
)
def test_counting_back_finds_the_latest_start(end: str, worked: timedelta, begins: str) -> None:
    assert nine_to_six().before(local(end), worked) == local(begins)


def test_nights_and_weekends_are_not_open_time() -> None:
    desk = nine_to_six()
    friday, monday = local("2026-03-06 17:00"), local("2026-03-09 10:30")
    assert desk.between(friday, monday) == timedelta(hours=2, minutes=30)
    assert desk.between(monday, friday) == timedelta(0)
    assert desk.between(friday, friday) == timedelta(0)


def test_the_desk_is_open_at_opening_time_and_closed_at_closing_time() -> None:
    desk = nine_to_six()
    assert desk.is_open(local("2026-03-03 09:00"))
    assert desk.is_open(local("2026-03-03 17:59"))
    assert not desk.is_open(local("2026-03-03 18:00"))
    assert desk.next_opening(local("2026-03-03 18:00")) == local("2026-03-04 09:00")
    assert desk.next_opening(local("2026-03-04 11:00")) == local("2026-03-04 11:00")


def test_open_time_is_exact_to_the_microsecond() -> None:
    start = local("2026-03-03 17:59:59.999999")
    assert nine_to_six().after(start, timedelta(microseconds=1)) == local("2026-03-03 18:00")
    assert nine_to_six().after(start, timedelta(microseconds=2)) == local(
        "2026-03-04 09:00:00.000001"
    )


def test_windows_may_be_split_cross_midnight_or_end_at_midnight() -> None:
    desk = Calendar.of(
        "Europe/Berlin",
        {
            "mon": ["09:00-12:30", "13:00-18:00"],
            "fri": ["22:00-06:00"],
            "sun": ["20:00-24:00"],
        },
    )
    assert desk.after(local("2026-03-02 12:00"), HOUR) == local("2026-03-02 13:30")
    assert desk.after(local("2026-03-06 22:00"), 8 * HOUR) == local("2026-03-07 06:00")
    assert desk.after(local("2026-03-08 23:00"), HOUR) == local("2026-03-09 00:00")
    assert not desk.is_open(local("2026-03-09 00:00"))


def test_adjacent_windows_are_one_stretch() -> None:
    desk = Calendar.of(
        "UTC",
        {"mon": ["09:00-12:00", "12:00-15:00"], "tue": ["20:00-24:00"], "wed": ["00:00-04:00"]},
    )
    monday = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert closing(desk, monday) == monday.replace(hour=15)
    assert closing(desk, monday.replace(day=3, hour=21)) == monday.replace(day=4, hour=4)


def test_a_closed_day_and_a_closed_afternoon_are_not_open_time() -> None:
    desk = nine_to_six(closed=["2026-12-24", "2026-12-31 13:00-18:00"])
    assert desk.after(local("2026-12-23 17:00"), 2 * HOUR) == local("2026-12-25 10:00")
    assert desk.after(local("2026-12-31 12:00"), 2 * HOUR) == local("2027-01-01 10:00")


def test_a_day_may_be_closed_every_year() -> None:
    desk = nine_to_six(closed=["12-24", "02-29"])
    assert not any(desk.is_open(local(f"{year}-12-24 12:00")) for year in range(2020, 2040))
    assert not desk.is_open(local("2028-02-29 12:00"))


def test_a_closed_day_ends_the_night_shift_that_runs_into_it() -> None:
    desk = Calendar.of("Europe/Berlin", {"wed": ["22:00-06:00"]}, closed=["2026-12-24"])
    assert desk.after(local("2026-12-23 22:00"), 2 * HOUR) == local("2026-12-24 00:00")
    assert not desk.is_open(local("2026-12-24 05:00"))


def test_a_holiday_on_new_year_ends_the_night_shift_of_the_old_year() -> None:
    desk = Calendar.of(
        "Europe/Berlin", {day: ["22:00-06:00"] for day in WEEK}, holidays=("DE", None)
    )
    assert closing(desk, local("2026-12-31 23:00")) == local("2027-01-01 00:00")
    assert desk.next_opening(local("2027-01-01 00:00")) == local("2027-01-02 00:00")


def test_regional_public_holidays_are_closed() -> None:
    without_holidays = nine_to_six(closed=[])
    with_holidays = nine_to_six(holidays=("DE", "BE"))
    easter_monday, womens_day = local("2026-04-06 12:00"), local("2027-03-08 12:00")
    assert without_holidays.is_open(easter_monday)
    assert not with_holidays.is_open(easter_monday)
    assert not with_holidays.is_open(womens_day)  # a holiday in Berlin only


def test_a_special_opening_overrides_a_holiday_and_a_closed_day() -> None:
    desk = nine_to_six(
        holidays=("DE", None),
        closed=["2026-12-23"],
        open=["2026-12-05 10:00-14:00", "2026-12-23 10:00-12:00", "2026-12-25 20:00-02:00"],
    )
    assert desk.after(local("2026-12-05 09:00"), HOUR) == local("2026-12-05 11:00")  # a Saturday
    assert desk.between(local("2026-12-23 00:00"), local("2026-12-24 00:00")) == 2 * HOUR
    assert desk.between(local("2026-12-25 00:00"), local("2026-12-27 00:00")) == 6 * HOUR


def test_a_special_opening_extends_the_hours_of_its_day() -> None:
    desk = nine_to_six(open=["2026-03-03 17:00-20:00"])
    assert closing(desk, local("2026-03-03 10:00")) == local("2026-03-03 20:00")


def test_on_the_24x7_calendar_open_time_is_wall_time() -> None:
    start = datetime(2026, 3, 28, 23, 17, tzinfo=UTC)
    assert ALWAYS.after(start, timedelta(days=3)) == start + timedelta(days=3)
    assert ALWAYS.before(start, timedelta(days=700)) == start - timedelta(days=700)
    assert ALWAYS.between(start, start + timedelta(days=900)) == timedelta(days=900)
    assert ALWAYS.duration("1d") == timedelta(hours=24)


@pytest.mark.parametrize(
    ("day", "length"),
    [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)],
)
def test_days_with_a_clock_change_have_23_or_25_hours(day: str, length: int) -> None:
    desk = Calendar.of("Europe/Berlin", {day: ["00:00-24:00"] for day in (*WEEK, "sat", "sun")})
    midnight = local(f"{day} 00:00")
    next_midnight = at_wall_time(
        midnight.date() + timedelta(1), time(0), time_zone("Europe/Berlin")
    )
    assert desk.between(midnight, next_midnight) == length * HOUR
    assert desk.after(midnight, length * HOUR) == next_midnight


def test_a_count_beyond_ten_years_is_refused() -> None:
    once = Calendar.of("UTC", {}, open=["2026-12-05 10:00-14:00"])
    start = datetime(2026, 3, 1, tzinfo=UTC)
    assert once.after(start, 4 * HOUR) == datetime(2026, 12, 5, 14, tzinfo=UTC)
    with pytest.raises(ValueError, match="not open for 5:00:00 in 10 years"):
        once.after(start, 5 * HOUR)
    with pytest.raises(ValueError, match="was not open"):
        once.before(start, HOUR)
    with pytest.raises(ValueError, match="never negative"):
        once.after(start, -HOUR)


@pytest.mark.parametrize("year", [1, 1969, 2101, 9999])
def test_years_outside_1970_to_2100_are_refused(year: int) -> None:
    with pytest.raises(ValueError, match="1970 to 2100"):
        nine_to_six().after(datetime(year, 6, 1, tzinfo=UTC), HOUR)


@pytest.mark.parametrize("year", [1970, 1999, 2037, 2038, 2077, 2100])
def test_open_time_is_right_in_every_year_from_1970_to_2100(year: int) -> None:
    desk = nine_to_six("America/New_York")
    begins = at_wall_time(date(year, 1, 1), time(0), time_zone("America/New_York"))
    days = [date(year, 1, 1) + timedelta(n) for n in range(364)]
    ends = at_wall_time(days[-1] + timedelta(1), time(0), time_zone("America/New_York"))
    assert desk.between(max(begins, datetime(1970, 1, 1, tzinfo=UTC)), ends) == 260 * 9 * HOUR


def test_open_time_over_many_years_is_the_sum_of_the_years() -> None:
    desk = nine_to_six("UTC")
    parts = [datetime(year, 1, 1, tzinfo=UTC) for year in range(1970, 2101)]
    whole = desk.between(parts[0], parts[-1])
    assert whole == sum((desk.between(*years) for years in pairwise(parts)), timedelta(0))
    assert desk.after(parts[0], timedelta(hours=9 * 260 * 5)) > parts[4]


def test_concurrent_threads_get_the_same_answers() -> None:
    desk, answers = nine_to_six(), []
    years = [*range(1980, 2060)]

    def ask(order: list[int]) -> None:
        answers.append(
            sorted(desk.after(datetime(year, 3, 1, tzinfo=UTC), 40 * HOUR) for year in order)
        )

    threads = [
        threading.Thread(target=ask, args=(years[n:] + years[:n],)) for n in range(0, 80, 10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fresh = nine_to_six()
    expected = [fresh.after(datetime(year, 3, 1, tzinfo=UTC), 40 * HOUR) for year in years]
    assert answers == [expected] * len(threads)


def test_calendars_with_the_same_rules_are_equal() -> None:
    assert nine_to_six() == nine_to_six()
    assert hash(nine_to_six()) == hash(nine_to_six())
    assert nine_to_six() != nine_to_six("Europe/Paris")


@pytest.mark.parametrize(
    ("start", "end", "described"),
    [
        (
            "2026-03-06 17:50",
            "2026-03-09 10:00",
            ["open 17:50-18:00", "closed Sat, Sun (Women's Day) 18:00-09:00", "open 09:00-10:00"],
        ),
        ("2026-03-03 20:00", "2026-03-03 22:00", ["closed 20:00-22:00 20:00-22:00"]),
        ("2026-03-03 20:00", "2026-03-04 08:00", ["closed overnight 20:00-08:00"]),
        (
            "2026-04-02 18:00",
            "2026-04-07 09:00",
            ["closed Fri (Good Friday), Sat, Sun, Mon (Easter Monday) 18:00-09:00"],
        ),
        ("2026-08-03 12:00", "2026-08-04 12:00", ["closed Mon 3 Aug, Tue 4 Aug 12:00-12:00"]),
        ("2026-09-05 12:00", "2026-09-19 12:00", ["closed 5 Sep to 19 Sep 12:00-12:00"]),
        ("2026-03-03 12:00", "2026-03-03 12:00", []),
    ],
)
def test_each_stretch_says_why_the_desk_is_closed(
    start: str, end: str, described: list[str]
) -> None:
    desk = nine_to_six(
        holidays=("DE", "BE"),
        closed=["2026-08-03", "2026-08-04", *(f"2026-09-{day:02}" for day in range(5, 20))],
    )
    berlin = time_zone("Europe/Berlin")
    pieces = list(desk.stretches(local(start), local(end)))
    assert [
        f"{why} {a.astimezone(berlin):%H:%M}-{b.astimezone(berlin):%H:%M}"
        for a, b, _, why in pieces
    ] == described
    assert sum((b - a for a, b, is_open, _ in pieces if is_open), timedelta(0)) == desk.between(
        local(start), local(end)
    )
