"""A look at what is due: the cases of a team together, and one that cannot be looked at."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.delivery import DeliveryKind
from handlers.jobs.tick import tick_due_cases
from handlers.slack.outgoing.deliver import LEASE
from storage.due import Due
from tests.handlers.test_kill_points import open_cases, passes
from tests.world import SUPPORT, WORKSPACE, World, a_world

CASES = 8


@pytest.fixture
async def late(sqlite_url: str) -> AsyncIterator[World]:
    """The claims of eight cases are late, and nobody has looked yet."""
    async with a_world(sqlite_url, mode="socket") as world:
        await world.store.of(WORKSPACE).run(open_cases, "Support", CASES)
        await passes(world, 60, step=1)
        world.clock.wind(timedelta(hours=3))
        yield world


async def test_what_cases_of_a_team_have_to_say_is_owed_at_once_and_told_in_one_message(
    late: World,
) -> None:
    kept: list[str] = []
    late.store.when_kept = lambda: kept.append("a transaction")
    await tick_due_cases(late.store)
    assert len(kept) == 1
    pending = await late.store.lease(WORKSPACE, lasting=LEASE, limit=10)
    [told] = [one for one in pending if one.delivery.lane == SUPPORT]
    assert (told.delivery.kind, told.gathered) == (DeliveryKind.GATHERED, CASES)


async def test_a_case_that_cannot_be_looked_at_does_not_stop_the_others(
    late: World, caplog: pytest.LogCaptureFixture
) -> None:
    with late.store.database.writing.begin() as connection:
        connection.execute(text("UPDATE cases SET status = 'odd' WHERE id = 3"))
    await tick_due_cases(late.store)
    assert "case 3: tick failed; the others go on" in caplog.text
    assert await late.store.everywhere(Due.cases, limit=10) == [(WORKSPACE, 1, 3)]
