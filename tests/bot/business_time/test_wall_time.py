"""Local times as instants, in several zones and at clock changes."""

from datetime import UTC, date, datetime, time

import pytest

from bot.business_time import at_wall_time, time_zone
from bot.messages import InvalidInput


@pytest.mark.parametrize(
    ("zone", "day", "at", "instant"),
    [
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00Z"),  # skipped
        ("Europe/Berlin", "2026-03-29", "02:00", "2026-03-29T01:00Z"),
        ("Europe/Berlin", "2026-03-29", "03:00", "2026-03-29T01:00Z"),
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30Z"),  # twice: the first
        ("America/New_York", "2026-03-08", "02:15", "2026-03-08T07:00Z"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30Z"),
        ("Asia/Kolkata", "2026-03-29", "02:30", "2026-03-28T21:00Z"),
        ("Australia/Lord_Howe", "2026-10-04", "02:10", "2026-10-03T15:30Z"),  # half an hour
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45Z"),
        ("Pacific/Apia", "2011-12-30", "09:00", "2011-12-30T10:00Z"),  # a skipped day
        ("America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04T03:00Z"),  # no midnight
        ("Africa/Casablanca", "2026-11-01", "09:00", "2026-11-01T09:00Z"),  # as in pinned tzdata
    ],
)
def test_a_skipped_time_becomes_the_next_valid_one_and_a_repeated_one_the_first(
    zone: str, day: str, at: str, instant: str
) -> None:
    found = at_wall_time(date.fromisoformat(day), time.fromisoformat(at), time_zone(zone))
    assert found == datetime.fromisoformat(instant)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Europe/Berln", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("../../etc/passwd", "such as"),
        ("", "such as"),
        ("x\0y", "such as"),
    ],
)
def test_an_unknown_zone_is_refused_and_the_nearest_suggested(written: str, meant: str) -> None:
    with pytest.raises(InvalidInput, match=meant):
        time_zone(written)
