"""Log lines: one per event, with a traceback only for bugs."""

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
