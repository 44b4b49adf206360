"""Socket Mode: a lost or silent connection is replaced, and no request is lost."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.case import Status
from bot.case.event import EventKind
from handlers.slack.plumbing import socket_mode
from handlers.slack.plumbing.socket_mode import CONNECTIONS, DEAD_SECONDS, Sockets, is_dead
from tests.handlers.actions import assert_no_duplicates, kinds
from tests.handlers.test_process import eventually
from tests.world import SUPPORT, World, a_world


@pytest.fixture
async def sockets(quick_world: World) -> AsyncIterator[Sockets]:
    """Open a second set of connections, whose watchdog the test runs itself."""
    baton = quick_world.baton
    sockets = Sockets(baton.app, quick_world.slack.app_token, baton.client)
    await sockets.open()
    yield sockets
    await sockets.close()


async def test_two_connections_are_open_so_that_one_can_be_replaced(quick_world: World) -> None:
    async with asyncio.timeout(60):
        await quick_world.slack.sockets.connected(CONNECTIONS)
    assert quick_world.slack.sockets.any


async def test_when_slack_asks_for_a_fresh_connection_no_command_is_lost(
    quick_world: World,
) -> None:
    world = quick_world
    await world.slack.sockets.refresh()
    for _ in range(5):
        await world.maya.types("/baton help", channel=SUPPORT)
    assert len(world.maya.ephemerals) == 5


async def test_a_connection_that_stays_silent_is_replaced(
    quick_world: World, sockets: Sockets
) -> None:
    now = time.time()
    before = [handler.client for handler in sockets.handlers]
    assert not any(is_dead(client, now=now) for client in before)
    await sockets.replace_dead(now=now + DEAD_SECONDS + 30)
    after = [handler.client for handler in sockets.handlers]
    assert not set(before) & set(after)
    await quick_world.maya.types("/baton help", channel=SUPPORT)
    assert quick_world.maya.ephemerals


async def test_a_connection_whose_receiver_has_stopped_is_replaced(
    quick_world: World, sockets: Sockets
) -> None:
    [first, *_] = sockets.handlers
    assert first.client.message_receiver is not None
    first.client.message_receiver.cancel()
    await first.client.disconnect()
    now = time.time()
    await sockets.replace_dead(now=now)
    assert sockets.handlers[0] is not first
    assert not any(is_dead(handler.client, now=now) for handler in sockets.handlers)


@pytest.fixture
async def fast_ping_world(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Run Baton with pings ten times as frequent, so that it finds a dead connection in seconds."""
    monkeypatch.setattr(socket_mode, "PING_SECONDS", 0.5)
    async with a_world(sqlite_url, mode="socket") as world:
        world.slack.dispatch.patience = 0.5
        yield world


@pytest.mark.parametrize("fault", ["refresh", "reset", "deaf"])
async def test_baton_reconnects_after_any_failure_and_a_claim_counts_once(
    fast_ping_world: World, fault: str
) -> None:
    world = fast_ping_world
    await world.slack.sockets.connected(CONNECTIONS)
    await world.escalates(world.ana)
    world.slack.faults.next("socket", fault)

    async def claim_succeeds() -> bool:
        """Press again: Slack shows an error to the user while no connection receives the press."""
        await world.maya.presses("Claim", on=world.card)
        return (await world.case()).status is Status.CLAIMED

    await eventually(claim_succeeds)
    for _ in range(2 * CONNECTIONS):  # enough for each connection to receive one
        await world.maya.presses("Claim", on=world.card)
    await world.settle()
    assert await kinds(world) == [EventKind.OPENED, EventKind.CLAIMED]
    assert_no_duplicates(world)


async def test_a_claim_in_progress_when_the_connections_break_counts_once(
    fast_ping_world: World,
) -> None:
    world = fast_ping_world
    await world.slack.sockets.connected(CONNECTIONS)
    await world.escalates(world.ana)
    world.slack.dispatch.patience = 10  # Slack resends what was not acknowledged
    pressing = asyncio.create_task(world.maya.presses("Claim", on=world.card))
    await eventually(lambda: claim_is_stored(world))
    await world.slack.sockets.reset()
    await pressing
    await world.settle()
    assert await kinds(world) == [EventKind.OPENED, EventKind.CLAIMED]
    assert_no_duplicates(world)


async def claim_is_stored(world: World) -> bool:
    return (await world.case()).status is Status.CLAIMED
