"""A report as CSV: one row per clock that was due."""

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.people import reference
from bot.reports.report import Result
from bot.text import escape_formula
from handlers.cli.cli_error import CliError

COLUMNS = (
    *("case", "customer", "priority", "clock", "cycle", "state", "target_seconds"),
    *("started_at", "due_at", "ended_at", "open_seconds", "wall_seconds"),
)


@contextmanager
def csv_writer(file: Path | None) -> Iterator[Callable[[Iterable[Result]], None]]:
    """Yield a function that appends results to the file. Without a file it does nothing.

    Raises:
        CliError: the file cannot be written.
    """
    if file is None:
        yield lambda results: None
        return
    try:
        opened = file.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise CliError(f"{file}: {error.strerror}") from None
    with opened:
        rows = csv.writer(opened)
        rows.writerow(COLUMNS)
        yield lambda results: rows.writerows(map(_row, results))


def _row(result: Result) -> tuple[str | int, ...]:
    return (
        reference(result.case),
        escape_formula(result.customer),
        result.priority,
        result.metric,
        result.cycle,
        result.state,
        _seconds(result.target),
        _utc(result.started_at),
        _utc(result.due_at),
        _utc(result.ended_at) if result.ended_at else "",
        _seconds(result.open_time) if result.open_time is not None else "",
        _seconds(result.wall_time) if result.wall_time is not None else "",
    )


def _seconds(length: timedelta) -> int:
    return length // timedelta(seconds=1)


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
