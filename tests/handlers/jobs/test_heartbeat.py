"""Each process writes that it runs; so a stopped worker and a full disk are noticed at once."""

from datetime import timedelta

import pytest

from bot.processes import Process, ProcessPart, count_workers
from handlers.jobs.heartbeat import Heartbeat
from handlers.sandbox import Clock
from storage import Store
from tests.world import WORKSPACE

WEB, WORKER = ProcessPart.WEB, ProcessPart.WORKER
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


async def known(store: Store) -> list[Process]:
    return await store.of(WORKSPACE).read(lambda tx: tx.processes.all())


async def test_two_processes_are_known_until_each_stops(store: Store, clock: Clock) -> None:
    web = Heartbeat(store, WORKSPACE, (WEB,))
    assert web.problem == "starting"
    async with web.at_work():
        clock.advance(SECOND)
        worker = Heartbeat(store, WORKSPACE, (WORKER,))
        async with worker.at_work():
            assert [it.parts for it in await known(store)] == [(WEB,), (WORKER,)]
            assert web.problem == worker.problem == ""
        assert [it.parts for it in await known(store)] == [(WEB,)]
        clock.advance(SECOND)
        await web.beat()
        [process] = await known(store)
        assert process.seen_at - process.started_at == 2 * SECOND
    assert await known(store) == []


async def test_a_killed_process_is_forgotten_after_a_day(store: Store, clock: Clock) -> None:
    killed, other = Heartbeat(store, WORKSPACE, (WORKER,)), Heartbeat(store, WORKSPACE, (WEB,))
    await killed.beat()
    clock.advance(DAY)
    await other.beat()
    assert len(await known(store)) == 2
    clock.advance(SECOND)
    await other.beat()
    assert [it.parts for it in await known(store)] == [(WEB,)]


@pytest.mark.parametrize(
    ("age", "counted"), [(0, 1), (60, 1), (61, 0), (-60, 1), (-61, 0), (-86_400, 0)]
)
async def test_a_worker_counts_for_a_minute(
    store: Store, clock: Clock, age: int, counted: int
) -> None:
    """A heartbeat from the future, from before the clock was set back, says nothing."""
    await Heartbeat(store, WORKSPACE, (WEB, WORKER)).beat()
    await Heartbeat(store, WORKSPACE, (WEB,)).beat()
    assert count_workers(await known(store), at=clock() + age * SECOND) == counted
