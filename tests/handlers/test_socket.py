"""Socket Mode: a connection that is lost or deaf is replaced, and nobody notices."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from handlers.slack.socket import CONNECTIONS, DEAF_SECONDS, Sockets, is_deaf
from tests.world import SUPPORT, World


@pytest.fixture
async def sockets(quick_world: World) -> AsyncIterator[Sockets]:
    """A second set of connections, whose watchdog is ours to run."""
    baton = quick_world.baton
    sockets = Sockets(baton.app, quick_world.slack.app_token, baton.client)
    await sockets.open()
    yield sockets
    await sockets.close()


async def test_two_connections_hear_so_that_one_may_be_replaced(quick_world: World) -> None:
    async with asyncio.timeout(10):
        await quick_world.slack.sockets.connected(CONNECTIONS)
    assert quick_world.slack.sockets.any


async def test_when_slack_asks_for_a_fresh_connection_no_command_is_lost(
    quick_world: World,
) -> None:
    world = quick_world
    await world.slack.sockets.refresh()
    for _ in range(5):
        await world.maya.types("/baton help", channel=SUPPORT)
    assert len(world.maya.told) == 5


async def test_a_deaf_connection_is_rebuilt(quick_world: World, sockets: Sockets) -> None:
    now = time.time()
    before = [handler.client for handler in sockets.handlers]
    assert not any(is_deaf(client, now=now) for client in before)
    await sockets.rebuild_deaf(now=now + DEAF_SECONDS + 30)
    after = [handler.client for handler in sockets.handlers]
    assert not set(before) & set(after)
    await quick_world.maya.types("/baton help", channel=SUPPORT)
    assert quick_world.maya.told


async def test_a_connection_whose_tasks_have_died_is_rebuilt(
    quick_world: World, sockets: Sockets
) -> None:
    [first, *_] = sockets.handlers
    assert first.client.message_receiver is not None
    first.client.message_receiver.cancel()
    await first.client.disconnect()
    now = time.time()
    await sockets.rebuild_deaf(now=now)
    assert sockets.handlers[0] is not first
    assert not any(is_deaf(handler.client, now=now) for handler in sockets.handlers)
