"""A wrong clock on this host is logged before Slack's requests are rejected."""

from datetime import timedelta

import pytest
from aiohttp import ClientSession

from handlers.http.clock_skew import trace_clock_skew
from storage.store import wall_clock
from tests.handlers.jobs.test_self_check import a_listener


async def test_a_clock_a_minute_off_is_logged_once_and_so_is_its_recovery(
    log: pytest.LogCaptureFixture,
) -> None:
    off = timedelta(0)
    config = trace_clock_skew(lambda: wall_clock() + off)
    async with a_listener() as (url, _), ClientSession(trace_configs=[config]) as session:
        for seconds in (30, 90, 120, -90, 0, 0):
            off = timedelta(seconds=seconds)
            await session.get(url)
    messages = [it.getMessage() for it in log.records if it.name == "handlers.http.clock_skew"]
    assert len(messages) == 2
    assert "off Slack's: synchronize it with NTP" in messages[0]
    assert "agrees with Slack's again" in messages[1]
