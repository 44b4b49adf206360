"""Hours, dates and lengths of open time, as people write them."""

from datetime import timedelta

import pytest

from bot.business_time import ALWAYS, Calendar
from bot.messages import InvalidInput


@pytest.mark.parametrize(
    "week",
    [
        {"mon": ["09:00-13:00", "12:00-18:00"]},
        {"mon": ["09:00-18:00", "10:00-11:00", "17:00-19:00"]},
        {"mon": ["22:00-06:00"], "tue": ["05:00-09:00"]},
        {"sun": ["22:00-06:00"], "mon": ["05:00-09:00"]},
        {"wed": ["09:00-10:00", "09:00-10:00"]},
    ],
)
def test_windows_that_overlap_are_refused(week: dict[str, list[str]]) -> None:
    with pytest.raises(InvalidInput, match="overlap; end one where the other begins"):
        Calendar.of("UTC", week)


def test_a_night_shift_may_end_when_the_next_shift_begins() -> None:
    Calendar.of("UTC", {"sun": ["22:00-06:00"], "mon": ["06:00-14:00", "14:00-22:00"]})


@pytest.mark.parametrize(
    "hours",
    [
        "9-18",
        "09:00",
        "24:00-06:00",
        "09:00-24:30",
        "09:60-10:00",
        "09:00-09:00",
        "",
        "\u0660\u0669:00-10:00",
    ],
)
def test_invalid_hours_are_refused(hours: str) -> None:
    with pytest.raises(InvalidInput, match=r"09:00-18:00|24:00"):
        Calendar.of("UTC", {"mon": [hours]})


@pytest.mark.parametrize("entry", ["2026-13-01", "2026-02-29", "24 Dec", "2026-12-24 9-5", ""])
def test_invalid_closed_days_are_refused(entry: str) -> None:
    with pytest.raises(InvalidInput, match=r"write|not a real date"):
        Calendar.of("UTC", {"mon": ["09:00-18:00"]}, closed=[entry])


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("8h", timedelta(hours=8)),
        ("3d", timedelta(hours=22, minutes=30)),
        ("1h30m", timedelta(minutes=90)),
        ("1d1h1m1s", timedelta(hours=8, minutes=31, seconds=1)),
        ("0m", timedelta(0)),
    ],
)
def test_a_length_is_read_with_the_day_hours_of_the_calendar(text: str, length: timedelta) -> None:
    assert Calendar.of("UTC", {"mon": ["09:00-18:00"]}, day_hours=7.5).duration(text) == length


@pytest.mark.parametrize(
    "text", ["", "h", "8", "1.5h", "-1h", "30m1h", "8 h", "8H", "\u0668h", "9" * 40 + "d"]
)
def test_invalid_lengths_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="write it like 90s, 15m, 8h, 3d or 1h30m"):
        ALWAYS.duration(text)
