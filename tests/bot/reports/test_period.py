"""Report periods: whole local days, also when the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.reports.period import Period

BERLIN = "Europe/Berlin"
SATURDAY = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # Sunday in Berlin


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("", date(2026, 3, 23), date(2026, 3, 29)),
        ("this week", date(2026, 3, 23), date(2026, 3, 29)),
        ("last week", date(2026, 3, 16), date(2026, 3, 22)),
        ("month", date(2026, 3, 1), date(2026, 3, 31)),
        ("this month", date(2026, 3, 1), date(2026, 3, 31)),
        ("last month", date(2026, 2, 1), date(2026, 2, 28)),
    ],
)
def test_a_named_period_uses_the_local_date_of_the_team(
    words: str, first: date, last: date
) -> None:
    assert Period.named(words, at=SATURDAY, zone=BERLIN) == Period(first, last, BERLIN)


def test_an_unknown_period_name_is_rejected() -> None:
    assert Period.named("yesteryear", at=SATURDAY, zone=BERLIN) is None


@pytest.mark.parametrize(
    ("monday", "hours"),
    [(date(2026, 3, 2), 168), (date(2026, 3, 23), 167), (date(2026, 10, 19), 169)],
)
def test_a_week_with_a_clock_change_is_an_hour_shorter_or_longer(monday: date, hours: int) -> None:
    week = Period(monday, monday + timedelta(days=6), BERLIN)
    assert week.until - week.since == timedelta(hours=hours)


def test_the_days_of_a_period_have_no_gaps() -> None:
    week = Period(date(2026, 3, 23), date(2026, 3, 29), BERLIN)
    days = list(week.days())
    assert [day.since for day in days[1:]] == [day.until for day in days[:-1]]
    assert (days[0].since, days[-1].until) == (week.since, week.until)
