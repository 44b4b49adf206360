"""How far this host's clock is off Slack's: by five minutes, and Slack's requests are refused."""

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


def watching_skew(clock: Callable[[], datetime] = wall_clock) -> TraceConfig:
    """Compares each answer's ``Date`` with our own clock, and tells when they part or meet."""
    apart = False

    async def compare(_session: Any, _context: Any, ended: TraceRequestEndParams) -> None:
        nonlocal apart
        try:
            theirs = parsedate_to_datetime(ended.response.headers.get("Date", ""))
            seconds = (clock() - theirs).total_seconds()
        except (TypeError, ValueError):
            return  # no date, or none that anybody could read
        metrics.SKEW.set(seconds)
        if apart != (abs(seconds) > ALARM_SECONDS):
            apart = not apart
            _tell(seconds, apart=apart)

    config = TraceConfig()
    config.on_request_end.append(compare)
    return config


def _tell(seconds: float, *, apart: bool) -> None:
    if apart:
        log.error(
            "this host's clock is %.0f s off Slack's: set it by NTP, or requests are refused",
            seconds,
        )
    else:
        log.warning("this host's clock is right again")
