"""Clock skew against Slack. At five minutes, Baton rejects all of Slack's requests."""

import logging
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aiohttp import TraceConfig, TraceRequestEndParams

from handlers import metrics
from storage.store import wall_clock

log = logging.getLogger(__name__)

ALARM_SECONDS = 60.0


def trace_clock_skew(clock: Callable[[], datetime] = wall_clock) -> TraceConfig:
    """Return a trace config that compares each response's ``Date`` header with our clock.

    It sets the skew gauge, and logs when the skew crosses ``ALARM_SECONDS`` either way.
    """
    alarmed = False

    async def compare(_session: Any, _context: Any, ended: TraceRequestEndParams) -> None:
        nonlocal alarmed
        try:
            slack_time = parsedate_to_datetime(ended.response.headers.get("Date", ""))
            seconds = (clock() - slack_time).total_seconds()
        except (TypeError, ValueError):
            return  # no date, or an unreadable one
        metrics.SKEW.set(seconds)
        if alarmed != (abs(seconds) > ALARM_SECONDS):
            alarmed = not alarmed
            _log(seconds, alarmed=alarmed)

    config = TraceConfig()
    config.on_request_end.append(compare)
    return config


def _log(seconds: float, *, alarmed: bool) -> None:
    if alarmed:
        log.error(
            "this host's clock is %.0f s off Slack's: synchronize it with NTP, or Slack's requests "
            "will be rejected",
            seconds,
        )
    else:
        log.warning("this host's clock agrees with Slack's again")
