"""Log lines: one per event, with a traceback only for bugs."""

import errno
import json
import logging
import sqlite3
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from handlers import logs

log = logging.getLogger("handlers.test")


@pytest.fixture(autouse=True)
def _restore_handlers() -> Iterator[None]:
    root = logging.getLogger()
    before = list(root.handlers)
    yield
    root.handlers[:] = before


def logged(error: Exception, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    logs.set_up()
    try:
        raise error
    except type(error):
        log.exception("the next run tries again")
    [line] = capsys.readouterr().err.splitlines()
    entry: dict[str, str] = json.loads(line)
    return entry


def test_a_database_outage_is_logged_as_its_reason_without_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    refused = psycopg.OperationalError("connection refused\nIs it running?")
    entry = logged(OperationalError("SELECT 1", {}, refused), capsys)
    assert entry["database"] == "connection refused"
    assert "exception" not in entry


@pytest.mark.parametrize("message", ["no such table: cases", ""])
def test_a_database_error_caused_by_a_bug_is_logged_with_a_traceback(
    capsys: pytest.CaptureFixture[str], message: str
) -> None:
    entry = logged(OperationalError("SELECT 1", {}, sqlite3.OperationalError(message)), capsys)
    assert "Traceback" in entry["exception"]


def test_any_other_error_is_logged_with_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    entry = logged(ValueError("what"), capsys)
    assert "Traceback" in entry["exception"]
    assert "database" not in entry


def test_a_line_that_strangers_cause_is_written_once_a_minute_with_its_count() -> None:
    once = logs.OnceAMinute()

    def lines(seconds: range, name: str, reason: str) -> list[str]:
        found = []
        for second in seconds:
            line = logging.LogRecord(name, logging.WARNING, "", 0, "rejected: %s", (reason,), None)
            line.created = float(second)
            if once.filter(line):
                found.append(line.getMessage())
        return found

    endpoint = "handlers.http.slack_endpoint"
    assert lines(range(1000, 1060), endpoint, "unsigned") == ["rejected: unsigned"]
    assert lines(range(1059, 1060), endpoint, "too large") == ["rejected: too large"]
    assert lines(range(1060, 1100), endpoint, "unsigned") == [
        "rejected: unsigned (59 more in the minute before)"
    ]
    assert lines(range(500, 560), endpoint, "unsigned") == [  # the clock was set back
        "rejected: unsigned (39 more in the minute before)"
    ]
    assert len(lines(range(9), "handlers.jobs.tick", "by the database")) == 9


def test_too_many_open_files_are_logged_without_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    entry = logged(OSError(errno.EMFILE, "Too many open files"), capsys)
    assert "exception" not in entry


def test_a_traceback_in_a_terminal_shows_no_values(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The values of variables may be tokens, keys and what customers wrote."""
    token = "-".join(("xoxb", "variable"))  # in two parts: the line itself is shown
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    logs.set_up()
    try:
        len(token) / 0
    except ZeroDivisionError:
        log.exception("the next run tries again")
    shown = capsys.readouterr().err
    assert "ZeroDivisionError" in shown
    assert token not in shown
