"""Logging: readable lines in a terminal, JSON elsewhere, and no secrets in either."""

import logging
import sys

import structlog

from storage.database.line import unavailable_reason

NOISY = ("slack_bolt", "slack_sdk", "alembic", "uvicorn", "aiohttp")
"""At INFO or DEBUG these log whole requests, including what customers and agents wrote."""

SCHEDULER = "apscheduler"
"""Warns every second while a tick takes longer than its interval; the metrics show the delay."""


def set_up(level: int = logging.INFO) -> None:
    """Configure the root logger to write to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _shorten_outage,
    ]
    rendering: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
    if sys.stderr.isatty():
        # By default it also shows the values of variables: tokens, keys, what customers wrote.
        plain = structlog.dev.plain_traceback
        rendering = [structlog.dev.ConsoleRenderer(exception_formatter=plain)]
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.getLogger(SCHEDULER).setLevel(logging.ERROR)


def _shorten_outage(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Replace the traceback of a database outage by its reason."""
    # Every query fails during an outage, so where it failed says nothing.
    _, error, _ = event.get("exc_info") or (None, None, None)
    if why := unavailable_reason(error):
        del event["exc_info"]
        event["database"] = why
    return event
