"""The deliverer sends a message as soon as it is queued, without waiting for its next run."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from handlers.slack.outgoing import deliver
from tests.handlers.actions import escalates
from tests.handlers.test_process import eventually
from tests.world import World


@pytest.fixture
def no_timed_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start runs after the first one only when the deliverer is woken."""
    monkeypatch.setattr(deliver, "MAX_PAUSE", 3600)


@pytest.mark.usefixtures("no_timed_runs")
async def test_a_message_is_sent_on_commit_and_the_next_one_after_the_channel_pause(
    world: World,
) -> None:
    async with world.baton.deliverer.at_work():
        await escalates(world)
        await eventually(lambda: len(world.cards()) == 1)
        await eventually(lambda: first_note_arrives(world))


def first_note_arrives(world: World) -> bool:
    world.clock.advance(timedelta(seconds=1))  # Slack takes one message a second in a channel
    return len(world.maya.thread(world.card)) == 2


async def test_a_failed_run_does_not_stop_the_sending(
    quick_world: World, log: pytest.LogCaptureFixture
) -> None:
    world = quick_world
    await escalates(world)
    await renames(world, "lanes", "elsewhere")
    async with world.baton.deliverer.at_work():
        await eventually(lambda: "the next run tries again" in log.text)
        assert world.cards() == []
        await renames(world, "elsewhere", "lanes")
        await eventually(lambda: len(world.cards()) == 1)


async def renames(world: World, old: str, new: str) -> None:
    statement = text(f"ALTER TABLE {old} RENAME TO {new}")
    await world.store.writing.run(lambda session: session.execute(statement))
