"""``baton config closures``: a calendar file becomes a line of a team file."""

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.business_time import Calendar
from handlers.cli.closures.ics import LARGEST, BadCalendar, read_ics
from handlers.cli.main import main

DAY = "DTSTART;VALUE=DATE:20261224"


def an_event(*lines: str, name: str = "Closed") -> str:
    return "\n".join(["BEGIN:VEVENT", f"SUMMARY:{name}", *lines, "END:VEVENT", ""])


def a_file(*events: str, more: str = "") -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{more}{''.join(events)}END:VCALENDAR\n"


def baton(source: str | bytes, *words: str) -> Result:
    return CliRunner().invoke(main, ["config", "closures", "-", *words], input=source)


def closed(source: str, *words: str) -> list[str]:
    """Return the printed entries, after checking that a calendar accepts them."""
    answer = baton(source, "--from", "2026", *words)
    assert answer.exit_code == 0, answer.stderr
    texts: list[str] = tomllib.loads(answer.stdout)["closed"]
    Calendar.of("UTC", {}, closed=texts)
    return texts


def test_the_list_goes_to_stderr_and_the_toml_line_to_stdout(tmp_path: Path) -> None:
    file = tmp_path / "holidays.ics"
    shutdown = an_event("DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270102", name="Shutdown")
    old = an_event("DTSTART;VALUE=DATE:20191224", name="Old")
    file.write_text(a_file(shutdown, an_event(DAY, name="Christmas Eve"), old), encoding="utf-8")
    answer = CliRunner().invoke(main, ["config", "closures", str(file), "--from", "2026"])
    assert answer.stdout == 'closed = ["2026-12-24", "2026-12-31", "2027-01-01"]\n'
    assert answer.stderr.splitlines() == [
        "1  Thu 24 Dec 2026                    Christmas Eve",
        "2  Thu 31 Dec 2026 to Fri 1 Jan 2027  Shutdown",
        "Left out:",
        "   Old: not in 2026 to 2028",
    ]


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        (["DTSTART:20261231T130000", "DURATION:PT5H"], ["2026-12-31 13:00-18:00"]),
        (["DTSTART:20261231T120000Z", "DTEND:20261231T170000Z"], ["2026-12-31 13:00-18:00"]),
        (
            ["DTSTART;TZID=America/New_York:20261231T070000", "DURATION:PT5H"],
            ["2026-12-31 13:00-18:00"],
        ),
        (
            ["DTSTART;TZID=W. Europe Standard Time:20261231T130000", "DURATION:PT5H"],
            ["2026-12-31 13:00-18:00"],
        ),
        ([DAY, "DURATION:P2D"], ["2026-12-24", "2026-12-25"]),
        ([DAY, "TRANSP:TRANSPARENT"], ["2026-12-24"]),  # common in published holiday calendars
        ([DAY, "STATUS:CANCELLED"], []),
        (
            [DAY, "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20261225"],
            ["2026-12-24", "2026-12-26"],
        ),
        ([DAY, "RDATE;VALUE=DATE:20270104"], ["2026-12-24", "2027-01-04"]),
        (
            ["DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"],
            ["2026-11-26", "2027-11-25", "2028-11-23"],
        ),
        (
            [
                "DTSTART;TZID=America/New_York:20260302T120000",
                "DURATION:PT1H",
                "RRULE:FREQ=WEEKLY;COUNT=2",
            ],
            ["2026-03-02 18:00-19:00", "2026-03-09 17:00-18:00"],  # the clocks changed in New York
        ),
    ],
)
def test_events_are_read_in_every_common_form(lines: list[str], texts: list[str]) -> None:
    assert closed(a_file(an_event("UID:1", *lines)), "--timezone", "Europe/Berlin") == texts


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        ("FREQ=YEARLY", ["12-24"]),
        ("FREQ=YEARLY;INTERVAL=1;BYMONTH=12;BYMONTHDAY=24", ["12-24"]),
        ("FREQ=YEARLY;COUNT=8", ["2026-12-24", "2027-12-24"]),
        ("FREQ=YEARLY;UNTIL=20261231", ["2026-12-24"]),
        ("FREQ=YEARLY;INTERVAL=2", ["2026-12-24", "2028-12-24"]),
    ],
)
def test_an_event_that_repeats_every_year_is_written_once(rule: str, texts: list[str]) -> None:
    event = an_event("UID:1", "DTSTART;VALUE=DATE:20201224", f"RRULE:{rule}")
    assert closed(a_file(event)) == texts
    until_2026 = closed(a_file(event), "--until", "2026")
    assert until_2026 == ["2026-12-24"]


def test_one_occurrence_of_a_series_can_be_moved_or_cancelled() -> None:
    series = an_event(
        "UID:1", "DTSTART:20260105T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"
    )
    moved = an_event(
        "UID:1", "RECURRENCE-ID:20260106T090000", "DTSTART:20260106T150000", "DURATION:PT1H"
    )
    off = an_event(
        "UID:1",
        "RECURRENCE-ID:20260107T090000",
        "DTSTART:20260107T090000",
        "DURATION:PT1H",
        "STATUS:CANCELLED",
    )
    for order in ((series, moved, off), (off, moved, series)):
        assert closed(a_file(*order)) == ["2026-01-05 09:00-10:00", "2026-01-06 15:00-16:00"]


def test_a_cancellation_file_closes_nothing() -> None:
    answer = baton(a_file(an_event(DAY), more="METHOD:CANCEL\n"), "--from", "2026")
    assert answer.stdout == "closed = []\n"
    assert "Closed: cancelled" in answer.stderr


def test_the_years_start_with_the_current_one_by_default() -> None:
    assert baton(a_file(an_event("DTSTART;VALUE=DATE:20150101"))).stdout == "closed = []\n"
    early = a_file(an_event("DTSTART;VALUE=DATE:20150101"))
    assert closed(early, "--from", "2015", "--until", "2015") == ["2015-01-01"]


def test_entries_are_dropped_by_number_and_by_name() -> None:
    source = a_file(
        an_event(DAY, name="Christmas Eve"),
        an_event("DTSTART;VALUE=DATE:20261225", name="Christmas"),
        an_event("DTSTART;VALUE=DATE:20260308", name="Women's Day"),
    )
    assert closed(source, "--drop", "1", "--drop", "christmas eve") == ["2026-12-25"]
    shown = baton(source, "--from", "2026", "--drop", "women").stderr
    assert "1  Sun 8 Mar 2026   Women's Day: dropped" in shown
    refused = baton(source, "--from", "2026", "--drop", "4")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert '--drop: no entry matches "4".' in refused.stderr
    assert "3  Fri 25 Dec 2026" in refused.stderr


def test_the_zone_of_the_file_is_used_unless_an_option_names_another() -> None:
    timed = an_event("DTSTART:20261231T120000Z", "DTEND:20261231T170000Z")
    known = a_file(timed, more="X-WR-TIMEZONE:Europe/Berlin\n")
    assert closed(known) == ["2026-12-31 13:00-18:00"]
    assert closed(known, "--timezone", "Asia/Tokyo") == [
        "2026-12-31 21:00-24:00",
        "2027-01-01 00:00-02:00",
    ]
    assert "Times are in Europe/Berlin" in baton(known, "--from", "2026").stderr
    refused = baton(a_file(timed), "--from", "2026")
    assert refused.exit_code == 2
    assert "Add it: --timezone Europe/Berlin" in refused.stderr


def test_a_zone_defined_in_the_file_is_understood() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Head office\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    event = an_event("DTSTART;TZID=Head office:20261231T130000", "DURATION:PT1H")
    texts = closed(a_file(event, more=zone), "--timezone", "UTC")
    assert texts == ["2026-12-31 10:00-11:00"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["DTSTART;TZID=Mars/Base:20261224T100000"], 'there is no time zone "Mars/Base"'),
        ([DAY, "EXDATE;TZID=Mars/Base:20261224T100000"], 'there is no time zone "Mars/Base"'),
        (["DTSTART:soon"], "its DTSTART cannot be read"),
        (["DTSTART;VALUE=TIME:100000"], "its DTSTART cannot be read"),
        ([DAY, DAY], "its DTSTART cannot be read"),
        (["DTEND:20261224T100000"], "it has no DTSTART"),
        (["DTSTART:20261224T100000", "DTEND:20261224T090000"], "it ends before it begins"),
        (["DTSTART:20261224T100000", "DURATION:-PT1H"], "it ends before it begins"),
        ([DAY, "DTEND:20261224T090000"], "its start and end must both be dates"),
        (["DTSTART:20261224T100000", "DTEND:20261224T110000Z"], "only one of its start and end"),
        ([DAY, "RRULE:FREQ=OFTEN"], "its RRULE cannot be read"),
        ([DAY, "RRULE:FREQ=SECONDLY"], "it recurs more often than once a day"),
        ([DAY, "RRULE:FREQ=DAILY;BYSECOND=1,2,3"], "it recurs more often than once a day"),
        ([DAY, "RRULE:FREQ=YEARLY;BYMONTH=12;BYHOUR=99"], "make no sense"),
        ([DAY, "DURATION:P99999999999D"], "cannot be read"),
    ],
)
def test_an_entry_that_cannot_be_read_is_named_and_can_be_dropped(
    lines: list[str], words: str
) -> None:
    source = a_file(an_event(*lines, name="Odd one"), an_event("DTSTART;VALUE=DATE:20261225"))
    refused = baton(source, "--from", "2026")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "<stdin>: Odd one: " in refused.stderr
    assert words in refused.stderr
    assert closed(source, "--drop", "odd one") == ["2026-12-25"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "this is not a complete iCalendar file"),
        (b"Dear all, we are closed on Friday.", "this is not a complete iCalendar file"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "this is not a complete iCalendar file"),
        (b"BEGIN:VEVENT\nEND:VEVENT\n", "this is not a complete iCalendar file"),
        (
            b"BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR\nEND:VCALENDAR",
            "this is not a complete iCalendar file",
        ),
        (b"\xff\xfe\x00", "this is not UTF-8 text"),
        (b" " * (LARGEST + 1), "this is larger than 2 MB"),
    ],
)
def test_a_file_that_is_not_a_calendar_is_refused(source: bytes, words: str) -> None:
    answer = baton(source)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.startswith("Error: <stdin>: this is ")
    assert words in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_reading_a_file_stops_at_the_time_limit() -> None:
    never = [
        an_event(f"UID:{n}", DAY, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30") for n in range(99)
    ]
    with pytest.raises(BadCalendar, match="may recur without end, or never"):
        read_ics(a_file(*never).encode(), 2026, None, within=0.2)


def test_too_many_closures_are_refused_with_advice() -> None:
    daily = a_file(an_event("UID:1", "DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=DAILY"))
    answer = baton(daily, "--from", "2026", "--until", "2033")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "2922 closures exceed the limit of 2000 for a calendar" in answer.stderr


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--timezone", "Europe/Berlim"], 'did you mean "Europe/Berlin"?'),
        (["--from", "2027", "--until", "2026"], "--until 2026 is before --from 2027."),
        (["--from", "12"], "12 is not in the range"),
        (["--drop", " "], "--drop needs a number or part of a name."),
    ],
)
def test_an_invalid_option_is_refused(options: list[str], error: str) -> None:
    answer = baton(a_file(an_event(DAY)), *options)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert error in answer.stderr


def test_control_characters_in_a_name_do_not_reach_the_terminal() -> None:
    nasty = an_event(DAY, name="\x1b[31mEve\u202e of\x07 it" + "x" * 500)
    shown = baton(a_file(nasty), "--from", "2026").stderr
    assert shown.startswith("1  Thu 24 Dec 2026  [31mEve of it")
    assert len(shown) < 120
    assert not {"\x1b", "\u202e", "\x07"} & set(shown)
