"""What an operator reads in the log: a line each, and no more than helps."""

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
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = list(root.handlers)
    yield
    root.handlers[:] = before


def said_of(error: Exception, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    logs.set_up()
    try:
        raise error
    except type(error):
        log.exception("the next run tries again")
    [line] = capsys.readouterr().err.splitlines()
    said: dict[str, str] = json.loads(line)
    return said


def test_a_database_that_is_away_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    refused = psycopg.OperationalError("connection refused\nIs it running?")
    said = said_of(OperationalError("SELECT 1", {}, refused), capsys)
    assert said["database"] == "connection refused"
    assert "exception" not in said


@pytest.mark.parametrize("words", ["no such table: cases", ""])
def test_a_mistake_that_the_database_tells_is_one_of_ours(
    capsys: pytest.CaptureFixture[str], words: str
) -> None:
    said = said_of(OperationalError("SELECT 1", {}, sqlite3.OperationalError(words)), capsys)
    assert "Traceback" in said["exception"]


def test_an_error_of_ours_is_told_with_where_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    said = said_of(ValueError("what"), capsys)
    assert "Traceback" in said["exception"]
    assert "database" not in said
