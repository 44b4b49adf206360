"""The database stops answering between a call to Slack and the storing of its result."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from bot.delivery import State
from tests.handlers.test_process import eventually
from tests.world import WORKSPACE, World, a_world


async def receipt_state(world: World) -> State:
    key = "case/1/1/reporter/U0ANA"
    return (await world.store.of(WORKSPACE).read(lambda tx: tx.outbox.look_up(key))).state


async def test_a_result_is_stored_as_soon_as_the_database_answers_again(
    sqlite_url: str, log: pytest.LogCaptureFixture
) -> None:
    file = sqlite_url.removeprefix("sqlite:///")
    async with a_world(sqlite_url, mode="socket") as world:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            await world.ana.types("/escalate Nobody can log in", channel="C0SUPPORT")
            await world.ana.fills({"Customer": "Acme", "Why does it need a manager?": ["Risk"]})
            await world.ana.submits()
            await world.baton.deliverer.run()  # leases the messages and starts to send them
            other.execute("BEGIN IMMEDIATE")
            await eventually(lambda: "cannot store its result yet: Busy" in log.text)
            assert await receipt_state(world) is State.SENDING
            other.execute("ROLLBACK")
            async with asyncio.timeout(10):  # not the 90 seconds of the lease
                await world.baton.deliverer.drain()
        assert await receipt_state(world) is State.SENT
        assert len(world.slack.calls.to("chat.postMessage")) == 2  # the card and the receipt
