"""While the database accepts no writes, nothing is confirmed; work resumes once it does."""

from typing import Any

from aiohttp import ClientSession
from sqlalchemy import event

from tests.handlers.actions import fills_escalation_form
from tests.handlers.http.endpoint import Endpoint, recorded
from tests.world import World


def allow(world: World, pages: int) -> None:
    """Limit SQLite's file to this many pages. SQLite never goes below the current size."""
    engine, limit = world.store.database.writing, f"PRAGMA max_page_count = {pages}"
    event.listen(engine, "begin", lambda it: it.exec_driver_sql(limit), insert=True, once=True)


async def readiness(world: World) -> tuple[int, Any]:
    async with ClientSession() as session, session.get(f"{world.baton.url}/readyz") as answer:
        return answer.status, await answer.json()


async def test_a_form_stays_open_while_the_disk_is_full_and_can_be_submitted_later(
    quick_world: World,
) -> None:
    world, ana = quick_world, quick_world.ana
    allow(world, 1)
    for number in range(9):  # until the free pages are used up
        await fills_escalation_form(world)
        await ana.fills({"What happened?": f"{number} " * 1400})
        await ana.submits()
        if ana.errors:
            break
    assert "cannot write to its database" in ana.errors["Customer"]
    await world.baton.heartbeat.beat()
    assert await readiness(world) == (503, {"ready": False, "problem": "the disk is full"})
    allow(world, 1_000_000)
    await ana.submits()
    assert ana.modal is None
    await world.baton.heartbeat.beat()
    assert await readiness(world) == (200, {"ready": True})


async def test_a_repeated_text_is_answered_in_the_form_while_the_disk_is_full(
    quick_world: World,
) -> None:
    world, ana = quick_world, quick_world.ana
    allow(world, 1)
    await fills_escalation_form(world)
    await ana.submits()
    for number in range(9):  # until the free pages are used up
        await fills_escalation_form(world)
        await ana.fills({"What happened?": f"{number} " * 1400})
        await ana.submits()
        if ana.errors:
            break
    await fills_escalation_form(world)  # the text of the first case
    await ana.submits()
    assert ana.errors


async def test_an_event_is_not_acknowledged_while_nothing_can_be_stored(endpoint: Endpoint) -> None:
    endpoint.world.store.database.writing.dispose()
    event.listen(
        endpoint.world.store.database.writing,
        "begin",
        lambda it: it.exec_driver_sql("PRAGMA query_only = ON"),
        insert=True,
    )
    assert (await endpoint.receives_request(*recorded("app_home_opened"))).status == 500
    assert (await endpoint.receives_request(*recorded("baton_command"))).status == 503
    await endpoint.world.baton.heartbeat.beat()
    status, answer = await readiness(endpoint.world)
    assert (status, answer["problem"]) == (503, "the database is read-only")
