"""Each process writes that it runs; so a stopped worker and a full disk are noticed at once."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.processes import Process, ProcessPart, count_workers
from handlers.jobs.heartbeat import STALE_SECONDS, Heartbeat
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


async def test_a_process_whose_heartbeats_stop_is_not_ready(store: Store) -> None:
    seconds = 0.0
    heartbeat = Heartbeat(store, WORKSPACE, (WEB,), lambda: seconds)
    await heartbeat.beat()
    seconds = STALE_SECONDS
    assert heartbeat.problem == ""
    seconds += 1
    assert heartbeat.problem == "the database does not answer"
    await heartbeat.beat()
    assert heartbeat.problem == ""


async def test_a_schema_is_too_old_but_never_too_new(store: Store) -> None:
    """During a rolling upgrade, the new version migrates the database first."""
    heartbeat = Heartbeat(store, WORKSPACE, (WEB,))
    await migrated_to("9999", store)
    await heartbeat.beat()
    assert heartbeat.problem == ""
    await migrated_to("0001", store)
    await heartbeat.beat()
    assert "run: baton migrate" in heartbeat.problem


async def migrated_to(revision: str, store: Store) -> None:
    statement = text("UPDATE alembic_version SET version_num = :it").bindparams(it=revision)
    await store.writing.run(lambda session: session.execute(statement))
