"""The sandbox's clock."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from handlers.sandbox import Clock
from tests.handlers.sandbox.waiting import IN_TIME

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_stopped_clock_moves_only_when_it_is_advanced() -> None:
    clock = Clock(NINE)
    assert clock() == clock() == NINE
    clock.advance(timedelta(hours=2))
    assert clock() == NINE + timedelta(hours=2)
    clock.advance_to(NINE + timedelta(days=1))
    assert clock() == NINE + timedelta(days=1)


def test_a_running_clock_can_be_wound_too() -> None:
    clock = Clock(NINE, running=True)
    clock.advance(timedelta(hours=1))
    assert NINE + timedelta(hours=1) <= clock() <= clock()


def test_a_clock_cannot_be_wound_back() -> None:
    clock = Clock(NINE)
    with pytest.raises(ValueError, match="forward"):
        clock.advance_to(NINE - timedelta(seconds=1))


def test_a_clock_needs_an_aware_start_time() -> None:
    with pytest.raises(ValueError, match="aware"):
        Clock(NINE.replace(tzinfo=None))


async def test_a_task_that_waits_for_a_time_wakes_when_the_clock_reaches_it() -> None:
    clock = Clock(NINE)
    waiting = asyncio.create_task(clock.until(NINE + timedelta(hours=2)))
    clock.advance(timedelta(hours=1))
    await asyncio.sleep(0)
    assert not waiting.done()
    clock.advance(timedelta(hours=1))
    await asyncio.wait_for(waiting, IN_TIME)
