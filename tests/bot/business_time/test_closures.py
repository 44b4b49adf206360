"""Entries of a calendar file become closures of a team's calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.business_time import Calendar
from bot.business_time.closures import ClosurePreview, Entry, NoSuchEntry, Occurrence, preview

BERLIN = "Europe/Berlin"
NEW_YORK = ZoneInfo("America/New_York")
at = datetime.fromisoformat  # without a zone: floating times
EVE, CHRISTMAS = date(2026, 12, 24), date(2026, 12, 25)


def an_entry(name: str, begins: date, ends: date, **more: bool) -> Entry:
    return Entry(name, (Occurrence(name, begins, ends, **more),))


def preview_of(*entries: Entry) -> ClosurePreview:
    return preview(entries, BERLIN, 2026, 2028)


@pytest.mark.parametrize(
    ("begins", "ends", "when", "texts"),
    [
        (EVE, CHRISTMAS, "Thu 24 Dec 2026", ["2026-12-24"]),
        (EVE, EVE, "Thu 24 Dec 2026", ["2026-12-24"]),  # some programs write one day like this
        (
            date(2026, 12, 31),
            date(2027, 1, 2),
            "Thu 31 Dec 2026 to Fri 1 Jan 2027",
            ["2026-12-31", "2027-01-01"],
        ),
        (
            at("2026-12-31 13:00"),
            at("2026-12-31 18:00"),
            "Thu 31 Dec 2026 13:00-18:00",
            ["2026-12-31 13:00-18:00"],
        ),
        (
            datetime(2026, 12, 31, 7, tzinfo=NEW_YORK),
            datetime(2026, 12, 31, 17, tzinfo=UTC),
            "Thu 31 Dec 2026 13:00-18:00",
            ["2026-12-31 13:00-18:00"],
        ),
        (
            at("2026-07-06 22:00"),
            at("2026-07-08 02:00"),
            "Mon 6 Jul 2026 22:00 to Wed 8 Jul 2026 02:00",
            ["2026-07-06 22:00-24:00", "2026-07-07", "2026-07-08 00:00-02:00"],
        ),
        (at("2026-07-06 00:00"), at("2026-07-07 00:00"), "Mon 6 Jul 2026", ["2026-07-06"]),
        (
            at("2026-07-06 09:00:30"),
            at("2026-07-06 09:30:01"),
            "Mon 6 Jul 2026 09:00-09:31",
            ["2026-07-06 09:00-09:31"],
        ),
    ],
)
def test_an_entry_becomes_one_line_a_day_in_the_zone_of_the_calendar(
    begins: date, ends: date, when: str, texts: list[str]
) -> None:
    found = preview_of(an_entry("Closed", begins, ends))
    assert [str(closure.when()) for closure in found.closures] == [when]
    assert found.texts() == texts


def test_a_closure_does_not_end_early_on_the_night_the_clocks_go_back() -> None:
    """02:30 comes twice that night, and as a closing time it means the first of the two."""
    begins = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    found = preview_of(an_entry("Move", begins, begins + timedelta(minutes=45)))
    assert found.texts() == ["2026-10-25 02:45-03:00"]


def test_a_yearly_closure_is_written_without_a_year() -> None:
    found = preview_of(an_entry("Labour Day", date(2026, 5, 1), date(2026, 5, 2), every_year=True))
    assert [str(closure.when()) for closure in found.closures] == ["every 1 May"]
    assert found.texts() == ["05-01"]


def test_closures_are_numbered_by_date() -> None:
    found = preview_of(
        an_entry("Later", CHRISTMAS, date(2026, 12, 26)), an_entry("Sooner", EVE, CHRISTMAS)
    )
    assert [(n, it.name) for n, it in found.numbered()] == [(1, "Sooner"), (2, "Later")]


def test_a_day_closed_by_two_entries_is_written_once() -> None:
    found = preview_of(
        an_entry("Christmas Eve", EVE, CHRISTMAS), an_entry("Heiligabend", EVE, CHRISTMAS)
    )
    assert found.texts() == ["2026-12-24"]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (an_entry("Fair", EVE, CHRISTMAS, cancelled=True), "Fair: cancelled"),
        (
            an_entry("Old", date(2025, 12, 31), date(2026, 1, 1)),
            "Old: not in 2026 to 2028",
        ),
        (
            an_entry("Call", at("2026-07-06 09:00"), at("2026-07-06 09:00")),
            "Call, Mon 6 Jul 2026: takes no time",
        ),
        (
            an_entry("Lease", date(2026, 1, 1), date(2036, 1, 1)),
            "Lease: longer than a year",
        ),
        (Entry("Never", ()), "Never: not in 2026 to 2028"),
    ],
)
def test_an_entry_is_left_out_with_a_reason(entry: Entry, reason: str) -> None:
    found = preview_of(entry)
    assert (found.closures, [*map(str, found.left_out)], found.texts()) == ((), [reason], [])


def test_one_occurrence_may_be_cancelled_and_the_others_not() -> None:
    off = Occurrence("Stocktaking", CHRISTMAS, date(2026, 12, 26), cancelled=True)
    on = Occurrence("Stocktaking", EVE, CHRISTMAS)
    found = preview_of(Entry("Stocktaking", (on, off)))
    assert found.texts() == ["2026-12-24"]
    assert [*map(str, found.left_out)] == ["Stocktaking, Fri 25 Dec 2026: cancelled"]


def test_a_shutdown_over_new_year_is_not_cut_at_the_first_or_last_year() -> None:
    before = preview_of(an_entry("Shutdown", date(2025, 12, 31), date(2026, 1, 2)))
    after = preview_of(an_entry("Shutdown", date(2028, 12, 31), date(2029, 1, 2)))
    assert before.texts() == ["2025-12-31", "2026-01-01"]
    assert after.texts() == ["2028-12-31", "2029-01-01"]


def test_closures_are_dropped_by_number_or_name_and_keep_their_numbers() -> None:
    found = preview_of(
        an_entry("Day 2 of the fair", date(2026, 3, 1), date(2026, 3, 2)),
        an_entry("Christmas Eve", EVE, CHRISTMAS),
        an_entry("Christmas", CHRISTMAS, date(2026, 12, 26)),
    )
    assert found.without("2").texts() == ["2026-03-01", "2026-12-25"]
    assert found.without("2").without("3").texts() == ["2026-03-01"]
    assert found.without("CHRISTMAS").texts() == ["2026-03-01"]
    assert found.without("christmas eve ").texts() == ["2026-03-01", "2026-12-25"]


@pytest.mark.parametrize("words", ["0", "4", "-1", "easter", "9" * 5000])
def test_an_unknown_number_or_name_cannot_be_dropped(words: str) -> None:
    with pytest.raises(NoSuchEntry):
        preview_of(an_entry("Christmas Eve", EVE, CHRISTMAS)).without(words)


@given(
    begins=st.datetimes(at("2026-01-02 00:00"), at("2028-12-01 00:00"), timezones=st.just(UTC)),
    length=st.timedeltas(timedelta(minutes=1), timedelta(days=4)),
    zone=st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "America/Havana"]),
)
def test_the_desk_is_closed_for_the_whole_entry(
    begins: datetime, length: timedelta, zone: str
) -> None:
    texts = preview([an_entry("Closed", begins, begins + length)], zone, 2026, 2028).texts()
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00-24:00",))
    calendar = Calendar.of(zone, week, closed=texts)
    assert calendar.between(begins, begins + length) == timedelta(0)
    around = calendar.between(begins - timedelta(hours=3), begins + length + timedelta(hours=3))
    assert around >= timedelta(hours=3)  # and not closed for much longer than the entry
