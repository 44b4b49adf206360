"""The self-check notifies leads once when an invariant breaks, and once when it holds again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from aiohttp import ClientSession, web
from sqlalchemy import Update, update

from bot.delivery import State
from bot.self_check import Invariant
from handlers.http.shared_result import FRESH
from handlers.jobs.self_check import SteadyTime, record_findings, run_self_check
from storage.tables import cases, deliveries, digests, teams
from tests.handlers.http.endpoint import Endpoint
from tests.world import WORKSPACE, World


async def alter_database(world: World, statement: Update) -> None:
    """Simulate a bug or a manual change in the database."""
    await world.store.writing.run(lambda session: session.execute(statement))


async def self_check(world: World, url: str | None = None) -> None:
    async with ClientSession() as session:
        await run_self_check(world.store, WORKSPACE, session, url)
    await world.settle()


async def test_a_healthy_system_sends_no_notification(world: World) -> None:
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.card)
    await world.later(hours=30)
    before = len(world.leo.dms())
    assert await world.store.of(WORKSPACE).run(record_findings) == set()
    await self_check(world)
    assert len(world.leo.dms()) == before


async def test_a_case_that_is_never_checked_is_reported_once_and_again_when_fixed(
    endpoint: Endpoint,
) -> None:
    world = endpoint.world
    await world.escalates(world.ana)
    due = (await world.case()).next_check_at
    before = len(world.leo.dms())
    await alter_database(world, update(cases).values(next_check_at=None))
    for _ in range(3):
        await self_check(world)
        world.clock.advance(timedelta(seconds=1))
    [alert] = world.leo.dms()[before:]
    assert "ESC-1" in alert.text
    assert "Click Update" in alert.text
    async with endpoint.session.get(f"{world.baton.url}/status") as status:
        assert status.status == 503
        answer = await status.json()
        assert answer["findings"] == {"watched": 1}
        assert "the self-check found problems" in answer["problems"]
        assert "ESC-1" not in str(answer)
    async with endpoint.session.get(f"{world.baton.url}/metrics") as metrics:
        assert 'baton_broken{invariant="watched"} 1.0' in await metrics.text()
    await alter_database(world, update(cases).values(next_check_at=due))
    for _ in range(2):
        await self_check(world)
    world.clock.advance(FRESH)
    [_, all_clear] = world.leo.dms()[before:]
    assert all_clear.text.startswith(":white_check_mark: Fixed: ")
    async with endpoint.session.get(f"{world.baton.url}/status") as status:
        assert (await status.json())["findings"] == {}


LONG_AGO = timedelta(hours=1)


@pytest.mark.parametrize(
    "invariant",
    [it for it in Invariant if it not in (Invariant.WATCHED, Invariant.READABLE)],
)
async def test_each_broken_invariant_is_found(quick_world: World, invariant: Invariant) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.until(world.clock() + timedelta(days=1))
    world.clock.advance(timedelta(minutes=2))  # without sending anything
    ago = world.clock() - LONG_AGO
    card = update(deliveries).where(deliveries.c.key == "case/1/card")
    [broken] = {
        Invariant.LOOKED_AT: [update(cases).values(next_check_at=ago)],
        Invariant.SENT: [card.values(due_at=ago, state=State.QUEUED)],
        Invariant.CERTAIN: [card.values(due_at=world.clock(), state=State.IN_DOUBT, tried_at=ago)],
        Invariant.PROVEN: [card.values(ts=None)],
        Invariant.DIGESTED: [update(teams).values(next_digest_at=ago)],
    }[invariant]
    await alter_database(world, broken)
    assert await world.store.of(WORKSPACE).run(record_findings) == {invariant}


async def test_a_digest_that_was_never_made_is_found(quick_world: World) -> None:
    world = quick_world
    await world.until(world.clock() + timedelta(days=1))
    await world.store.writing.run(lambda session: session.execute(digests.delete()))
    assert await world.store.of(WORKSPACE).run(record_findings) == {Invariant.DIGESTED}


@asynccontextmanager
async def a_listener() -> AsyncIterator[tuple[str, list[str]]]:
    """A monitor that receives the heartbeat: yields its URL and the paths that were requested."""
    requested: list[str] = []

    async def receive(request: web.Request) -> web.Response:
        requested.append(request.path)
        if request.path == "/moved":
            raise web.HTTPFound("/beat")
        return web.Response()

    app = web.Application()
    app.router.add_get("/{name}", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/beat", requested
    finally:
        await runner.cleanup()


async def test_the_heartbeat_stops_when_an_invariant_breaks(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    async with a_listener() as (url, requested):
        await self_check(world, url)
        assert requested == ["/beat"]
        await alter_database(world, update(cases).values(next_check_at=None))
        await self_check(world, url)
        assert requested == ["/beat"]
    await alter_database(world, update(cases).values(next_check_at=world.clock()))
    await self_check(world, url)  # an unreachable monitor does no harm


@dataclass
class Timer:
    """Seconds since the start of a process. The machine's clock can jump; this one cannot."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_a_worker_is_not_accused_of_what_became_late_while_it_was_away(
    quick_world: World,
) -> None:
    world, timer = quick_world, Timer()
    await world.escalates(world.ana)
    await alter_database(world, update(cases).values(next_check_at=world.clock() - LONG_AGO))
    steady = SteadyTime(world.clock, timer)

    async def broken_after(seconds: int, *, clock: timedelta) -> set[Invariant]:
        timer.seconds += seconds
        world.clock.advance(clock)
        async with ClientSession() as session:
            await run_self_check(world.store, WORKSPACE, session, None, steady)
        return set(await world.store.of(WORKSPACE).run(lambda tx: tx.findings.open()))

    minute, jump = timedelta(minutes=1), timedelta(hours=3)
    assert await broken_after(60, clock=minute) == set()  # it has just started
    assert await broken_after(60, clock=jump) == set()
    assert await broken_after(60, clock=minute) == set()
    assert Invariant.LOOKED_AT in await broken_after(60, clock=minute)
    await alter_database(world, update(cases).values(next_check_at=world.clock() + jump))
    assert Invariant.LOOKED_AT in await broken_after(9000, clock=minute)  # set back: not checked
    assert Invariant.LOOKED_AT in await broken_after(60, clock=minute)
    assert Invariant.LOOKED_AT not in await broken_after(60, clock=minute)


async def test_broken_data_is_reported_even_by_a_worker_that_has_just_started(
    quick_world: World,
) -> None:
    await quick_world.escalates(quick_world.ana)
    await alter_database(quick_world, update(cases).values(next_check_at=None))
    async with ClientSession() as session:
        just_started = SteadyTime(quick_world.clock, Timer())
        await run_self_check(quick_world.store, WORKSPACE, session, None, just_started)
    found = await quick_world.store.of(WORKSPACE).run(lambda tx: tx.findings.open())
    assert set(found) == {Invariant.WATCHED}


async def test_the_heartbeat_follows_no_redirect(
    quick_world: World, log: pytest.LogCaptureFixture
) -> None:
    session = quick_world.baton.client.session
    assert session is not None
    async with a_listener() as (url, requested):
        moved = url.replace("/beat", "/moved")
        await run_self_check(quick_world.store, WORKSPACE, session, moved)
    assert requested == ["/moved"]
    assert "heartbeat failed: Redirected" in log.text
