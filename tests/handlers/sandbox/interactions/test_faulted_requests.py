"""Requests of Slack's that go wrong on purpose, as an app behind HTTP or a socket meets them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from handlers.sandbox import Clock, Person, Sandbox
from handlers.sandbox.loopback import listen
from handlers.sandbox.server import Connections, Server
from tests.handlers.sandbox.blocks import form, question, text
from tests.handlers.sandbox.conftest import SUPPORT
from tests.handlers.sandbox.waiting import IN_TIME, comes_true


class Door:
    """An app that hears events over HTTP, and answers 200."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []  # event_id, text
        self.retries: list[str | None] = []
        self.trigger = ""

    async def __call__(self, request: Request) -> Response:
        if request.headers["content-type"] == "application/json":
            payload = await request.json()
            self.heard.append((payload["event_id"], payload["event"]["text"]))
        else:
            self.trigger = dict(parse_qsl((await request.body()).decode())).get("trigger_id", "")
        self.retries.append(request.headers.get("x-slack-retry-num"))
        return Response()

    def was_last_tried(self, number: str) -> bool:
        return self.retries[-1] == number

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.heard]


@pytest.fixture
async def door(sandbox: Sandbox) -> AsyncIterator[Door]:
    door, listening = Door(), listen(0)
    routes = [Route("/slack/events", door.__call__, methods=["POST"])]
    server = Server(Starlette(routes=routes), Connections())
    running = asyncio.create_task(server.serve([listening]))
    await server.up.wait()
    sandbox.request_url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
    yield door
    server.leaving.set()
    await running


async def test_an_event_may_come_twice(sandbox: Sandbox, door: Door, maya: Person) -> None:
    sandbox.faults.next("events_api", "duplicate")
    await maya.posts("hello", channel=SUPPORT)
    assert door.texts == ["hello", "hello"]
    assert len(set(door.heard)) == 1


async def test_a_message_may_come_again_under_a_new_event_id(
    sandbox: Sandbox, door: Door, maya: Person
) -> None:
    sandbox.faults.next("events_api", "new_event_id")
    await maya.posts("hello", channel=SUPPORT)
    await comes_true(lambda: len(door.heard) == 2)
    assert door.texts == ["hello", "hello"]
    assert len(set(door.heard)) == 2
    assert door.retries == [None, None]


async def test_an_event_may_be_overtaken_by_the_next(
    sandbox: Sandbox, door: Door, maya: Person
) -> None:
    sandbox.faults.next("events_api", "reordered")
    await maya.posts("first", channel=SUPPORT)
    await maya.posts("second", channel=SUPPORT)
    assert door.texts == ["second", "first"]


async def test_an_event_that_none_follows_comes_all_the_same(
    sandbox: Sandbox, door: Door, maya: Person, clock: Clock
) -> None:
    sandbox.faults.next("events_api", "reordered", seconds=10)
    await maya.posts("alone", channel=SUPPORT)
    assert door.texts == []
    clock.wind(timedelta(seconds=10))
    await comes_true(lambda: door.texts == ["alone"])


async def test_of_an_event_only_the_retry_may_arrive(
    sandbox: Sandbox, door: Door, maya: Person
) -> None:
    sandbox.faults.next("events_api", "first_lost")
    await maya.posts("hello", channel=SUPPORT)
    assert (door.texts, door.retries) == (["hello"], ["1"])


async def test_an_event_whose_answers_are_lost_comes_at_once_after_a_minute_and_after_five(
    sandbox: Sandbox, door: Door, maya: Person, clock: Clock
) -> None:
    sandbox.faults.next("events_api", "answer_lost", times=3)
    await maya.posts("hello", channel=SUPPORT)
    assert door.retries == [None, "1"]
    for minutes, number in ((1, "2"), (5, "3")):
        clock.wind(timedelta(minutes=minutes))
        await comes_true(partial(door.was_last_tried, number))
    assert len(set(door.heard)) == 1


@pytest.mark.parametrize(("fault", "heard"), [("first_lost", 0), ("answer_lost", 1)])
async def test_a_form_that_is_lost_stays_open_and_can_be_sent_again(
    sandbox: Sandbox, door: Door, client: AsyncWebClient, maya: Person, fault: str, heard: int
) -> None:
    await maya.types("/escalate", channel=SUPPORT)
    await client.views_open(trigger_id=door.trigger, view=form(question("Note", text())))
    door.retries.clear()
    sandbox.faults.next("interactive", fault)
    await maya.submits(Note="x")
    assert (len(door.retries), len(maya.ephemerals)) == (heard, 1)
    assert "operation_timeout" in maya.ephemerals[0]
    await maya.submits()
    assert (len(door.retries), maya.modal) == (heard + 1, None)


class Line:
    """An app's end of one socket, by hand."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def hears(self) -> dict[str, Any]:
        heard: dict[str, Any] = await self._socket.receive_json(timeout=IN_TIME)
        return heard

    async def answers(self) -> dict[str, Any]:
        heard = await self.hears()
        await self._socket.send_json({"envelope_id": heard["envelope_id"]})
        return heard

    @property
    def socket(self) -> aiohttp.ClientWebSocketResponse:
        return self._socket


@pytest.fixture
async def dial(sandbox: Sandbox) -> Any:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(sandbox.app_token, base_url=sandbox.api_url, session=session)

        async def connect() -> Line:
            opened = await client.apps_connections_open(app_token=sandbox.app_token)
            line = Line(await session.ws_connect(str(opened["url"])))
            assert (await line.hears())["type"] == "hello"
            return line

        yield connect


async def test_the_sockets_may_be_refreshed_at_any_request(
    sandbox: Sandbox, maya: Person, dial: Any
) -> None:
    line = await dial()
    sandbox.faults.next("socket", "refresh")
    await maya.types("/escalate", channel=SUPPORT)
    assert (await line.hears())["reason"] == "refresh_requested"
    assert maya.ephemerals == ['/escalate failed with the error "dispatch_failed"']


async def test_the_sockets_may_break_at_any_request(
    sandbox: Sandbox, maya: Person, dial: Any
) -> None:
    line = await dial()
    sandbox.faults.next("socket", "reset")
    await maya.types("/escalate", channel=SUPPORT)
    assert (await line.socket.receive(timeout=IN_TIME)).type in {
        aiohttp.WSMsgType.CLOSED,
        aiohttp.WSMsgType.ERROR,
    }
    assert not sandbox.sockets.any


async def test_a_deaf_socket_stays_open_and_lets_nothing_through(
    sandbox: Sandbox, maya: Person, dial: Any
) -> None:
    sandbox.dispatch.patience = 0.05
    line = await dial()
    sandbox.faults.next("socket", "deaf")
    await maya.types("/escalate", channel=SUPPORT)
    assert maya.ephemerals == ['/escalate failed with the error "operation_timeout"']
    await line.socket.ping()
    with pytest.raises(TimeoutError):
        await line.socket.receive(timeout=0.1)
    assert not line.socket.closed
    other = await dial()  # the next requests take turns
    await asyncio.gather(maya.types("/escalate", channel=SUPPORT, times=2), other.answers())
    assert len(maya.ephemerals) == 2
    await sandbox.sockets.reset()
