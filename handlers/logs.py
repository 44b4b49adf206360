"""Logging: readable lines in a terminal, JSON elsewhere, and no secrets in either."""

import errno
import logging
import sys

import structlog

from storage.database.line import unavailable_reason

NOISY = ("slack_bolt", "slack_sdk", "alembic", "uvicorn", "aiohttp")
"""At INFO or DEBUG these log whole requests, including what customers and agents wrote."""

SCHEDULER = "apscheduler"
"""Warns every second while a tick takes longer than its interval; the metrics show the delay."""

FROM_STRANGERS = ("asyncio", "handlers.http", "uvicorn")
"""Loggers that anyone who can reach the port can make write."""

MINUTE = 60.0
NO_FILES_LEFT = (errno.EMFILE, errno.ENFILE)


class OnceAMinute(logging.Filter):
    """Passes a repeated line once a minute and counts the others, so that a flood fills no disk.

    Applies to the loggers in ``FROM_STRANGERS``.
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith(FROM_STRANGERS):
            return True
        line = (record.name, record.getMessage())
        since, repeated = self._seen.get(line, (-MINUTE, 0))
        if 0 <= record.created - since < MINUTE:
            self._seen[line] = (since, repeated + 1)
            return False
        self._forget_before(record.created - MINUTE)
        self._seen[line] = (record.created, 0)
        if repeated:
            record.msg, record.args = "%s (%d more in the minute before)", (line[1], repeated)
        return True

    def _forget_before(self, instant: float) -> None:
        seen = self._seen.items()
        old = [line for line, (since, repeated) in seen if since < instant and not repeated]
        for line in old:
            del self._seen[line]


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
    handler.addFilter(OnceAMinute())
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
    """Replace the traceback of an outage by its reason."""
    # Every query fails while the database is down, and every connection while no file can be
    # opened, so where it failed says nothing.
    _, error, _ = event.get("exc_info") or (None, None, None)
    if why := unavailable_reason(error):
        del event["exc_info"]
        event["database"] = why
    elif isinstance(error, OSError) and error.errno in NO_FILES_LEFT:
        del event["exc_info"]
    return event
