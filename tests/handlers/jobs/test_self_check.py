"""The self-check notifies leads once when an invariant breaks, and once when it holds again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import ClientSession, web
from sqlalchemy import Update, update

from bot.delivery import State
from bot.self_check import Invariant
from handlers.jobs.self_check import record_findings, run_self_check
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
    async with endpoint.session.get(f"{world.baton.url}/readyz") as ready:
        assert ready.status == 503
        assert "ESC-1" in (await ready.json())["found"][0]
    async with endpoint.session.get(f"{world.baton.url}/metrics") as metrics:
        assert 'baton_broken{invariant="watched"} 1.0' in await metrics.text()
    await alter_database(world, update(cases).values(next_check_at=due))
    for _ in range(2):
        await self_check(world)
    [_, all_clear] = world.leo.dms()[before:]
    assert all_clear.text.startswith(":white_check_mark: Fixed: ")
    async with endpoint.session.get(f"{world.baton.url}/readyz") as ready:
        assert ready.status == 200


LONG_AGO = timedelta(hours=1)


@pytest.mark.parametrize("invariant", [it for it in Invariant if it is not Invariant.WATCHED])
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
