"""What is owed leaves at once: nobody waits for the next second to come."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from handlers.slack.outgoing import deliver
from tests.handlers.actions import escalates
from tests.handlers.test_process import comes_true
from tests.world import World


@pytest.fixture
def never_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """No run but the first begins because time has passed."""
    monkeypatch.setattr(deliver, "MAX_PAUSE", 3600)


@pytest.mark.usefixtures("never_by_itself")
async def test_what_is_owed_is_sent_when_it_is_kept_and_the_next_when_its_lane_has_rested(
    world: World,
) -> None:
    async with world.baton.deliverer.at_work():
        await escalates(world)
        await comes_true(lambda: len(world.cards()) == 1)
        await comes_true(lambda: its_story_is_there(world))


def its_story_is_there(world: World) -> bool:
    world.clock.wind(timedelta(seconds=1))  # the lane rests for one
    return len(world.maya.thread(world.card)) == 2


async def test_an_error_of_ours_does_not_end_the_sending(
    quick_world: World, log: pytest.LogCaptureFixture
) -> None:
    world = quick_world
    await escalates(world)
    await renames(world, "lanes", "elsewhere")
    async with world.baton.deliverer.at_work():
        await comes_true(lambda: "the next run tries again" in log.text)
        assert world.cards() == []
        await renames(world, "elsewhere", "lanes")
        await comes_true(lambda: len(world.cards()) == 1)


async def renames(world: World, old: str, new: str) -> None:
    statement = text(f"ALTER TABLE {old} RENAME TO {new}")
    await world.store.writing.run(lambda session: session.execute(statement))
