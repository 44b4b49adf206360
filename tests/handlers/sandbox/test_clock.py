"""The clock that everything in the sandbox tells time by."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from handlers.sandbox import Clock
from tests.handlers.sandbox.waiting import IN_TIME

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_clock_that_stands_still_moves_only_when_it_is_wound() -> None:
    clock = Clock(NINE)
    assert clock() == clock() == NINE
    clock.wind(timedelta(hours=2))
    assert clock() == NINE + timedelta(hours=2)
    clock.wind_to(NINE + timedelta(days=1))
    assert clock() == NINE + timedelta(days=1)


def test_a_clock_that_runs_can_be_wound_too() -> None:
    clock = Clock(NINE, running=True)
    clock.wind(timedelta(hours=1))
    assert NINE + timedelta(hours=1) <= clock() <= clock()


def test_a_clock_is_never_wound_back() -> None:
    clock = Clock(NINE)
    with pytest.raises(ValueError, match="forward"):
        clock.wind_to(NINE - timedelta(seconds=1))


def test_a_clock_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        Clock(NINE.replace(tzinfo=None))


async def test_whoever_waits_for_an_hour_waits_until_the_clock_is_wound_to_it() -> None:
    clock = Clock(NINE)
    waiting = asyncio.create_task(clock.until(NINE + timedelta(hours=2)))
    clock.wind(timedelta(hours=1))
    await asyncio.sleep(0)
    assert not waiting.done()
    clock.wind(timedelta(hours=1))
    await asyncio.wait_for(waiting, IN_TIME)
