"""Due cases of a team are checked in one transaction, and a broken one does not stop the rest."""

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
    """Eight unclaimed cases are overdue and have not been checked yet."""
    async with a_world(sqlite_url, mode="socket") as world:
        await world.store.of(WORKSPACE).run(open_cases, "Support", CASES)
        await passes(world, 60, step=1)
        world.clock.advance(timedelta(hours=3))
        yield world


async def test_the_nudges_of_a_team_are_queued_in_one_commit_and_sent_as_one_message(
    late: World,
) -> None:
    commits: list[str] = []
    late.store.on_commit = lambda: commits.append("a transaction")
    await tick_due_cases(late.store)
    assert len(commits) == 1
    pending = await late.store.lease(WORKSPACE, lasting=LEASE, limit=10)
    [summary] = [one for one in pending if one.delivery.lane == SUPPORT]
    assert (summary.delivery.kind, summary.gathered) == (DeliveryKind.GATHERED, CASES)


async def test_a_case_that_cannot_be_loaded_does_not_stop_the_others(
    late: World, caplog: pytest.LogCaptureFixture
) -> None:
    with late.store.database.writing.begin() as connection:
        connection.execute(text("UPDATE cases SET status = 'odd' WHERE id = 3"))
    await tick_due_cases(late.store)
    assert "ESC-3 cannot be read by this version of Baton" in caplog.text
    assert await late.store.query_all(Due.cases, limit=10) == []  # it is put off
