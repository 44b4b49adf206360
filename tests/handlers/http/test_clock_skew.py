"""An operator hears that this host's clock is wrong before Slack's requests are refused."""

from datetime import timedelta

import pytest
from aiohttp import ClientSession

from handlers.http.clock_skew import watching_skew
from storage.store import wall_clock
from tests.handlers.jobs.test_self_check import a_listener


async def test_a_clock_that_is_a_minute_off_is_told_once_and_so_is_its_end(
    log: pytest.LogCaptureFixture,
) -> None:
    off = timedelta(0)
    config = watching_skew(lambda: wall_clock() + off)
    async with a_listener() as (url, _), ClientSession(trace_configs=[config]) as session:
        for seconds in (30, 90, 120, -90, 0, 0):
            off = timedelta(seconds=seconds)
            await session.get(url)
    told = [it.getMessage() for it in log.records if it.name == "handlers.http.clock_skew"]
    assert len(told) == 2
    assert "off Slack's: set it by NTP" in told[0]
    assert "right again" in told[1]
