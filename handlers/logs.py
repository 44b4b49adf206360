"""How Baton logs: a line for a person at a terminal, JSON anywhere else; no secrets in either."""

import logging
import sys

import structlog

from storage.database.line import why_away

QUIET = ("slack_bolt", "slack_sdk", "alembic", "uvicorn", "aiohttp")
"""Libraries that log whole requests, with what people wrote in them, unless told not to."""

SILENT = "apscheduler"
"""It warns each second while a look takes longer than one; the metrics tell how late that is."""


def set_up(level: int = logging.INFO) -> None:
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _outage_in_a_line,
    ]
    last: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
    if sys.stderr.isatty():
        last = [structlog.dev.ConsoleRenderer()]
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.getLogger(SILENT).setLevel(logging.ERROR)


def _outage_in_a_line(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """A database that is away says why itself; where in Baton it was missed helps nobody."""
    _, error, _ = event.get("exc_info") or (None, None, None)
    if why := why_away(error):
        del event["exc_info"]
        event["database"] = why
    return event
