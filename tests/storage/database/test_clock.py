"""Hosts with different clocks agree on the time."""

from datetime import timedelta

from storage import connect
from storage.database.clock import DatabaseClock
from storage.database.engines import open_database
from storage.store import Store, wall_clock
from tests.world import WORKSPACE


async def test_a_host_whose_clock_is_a_day_off_uses_the_databases_time(postgres_url: str) -> None:
    clock = DatabaseClock(lambda: wall_clock() + timedelta(days=1))
    with Store(open_database(postgres_url), clock) as store:
        now = await store.of(WORKSPACE).run(lambda tx: tx.now)
        assert abs(now - wall_clock()) < timedelta(minutes=1)
        assert now <= clock() <= await store.of(WORKSPACE).run(lambda tx: tx.now)


async def test_two_stores_on_one_database_agree_on_the_time(
    postgres_url: str,
) -> None:
    with connect(postgres_url) as one, connect(postgres_url) as other:
        before = await one.of(WORKSPACE).run(lambda tx: tx.now)
        after = await other.of(WORKSPACE).run(lambda tx: tx.now)
        assert before <= after
