"""Injected faults in Slack's requests, over HTTP and over sockets."""

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
from tests.handlers.sandbox.blocks import form, input_block, text
from tests.handlers.sandbox.conftest import SUPPORT
from tests.handlers.sandbox.waiting import IN_TIME, comes_true


class HttpApp:
    """An app that receives events over HTTP and answers 200."""

    def __init__(self) -> None:
        self.received: list[tuple[str, str]] = []  # event_id, text
        self.retries: list[str | None] = []
        self.trigger = ""

    async def __call__(self, request: Request) -> Response:
        if request.headers["content-type"] == "application/json":
            payload = await request.json()
            self.received.append((payload["event_id"], payload["event"]["text"]))
        else:
            self.trigger = dict(parse_qsl((await request.body()).decode())).get("trigger_id", "")
        self.retries.append(request.headers.get("x-slack-retry-num"))
        return Response()

    def last_retry_was(self, number: str) -> bool:
        return self.retries[-1] == number

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.received]


@pytest.fixture
async def http_app(sandbox: Sandbox) -> AsyncIterator[HttpApp]:
    http_app, listening = HttpApp(), listen(0)
    routes = [Route("/slack/events", http_app.__call__, methods=["POST"])]
    server = Server(Starlette(routes=routes), Connections())
    running = asyncio.create_task(server.serve([listening]))
    await server.up.wait()
    sandbox.request_url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
    yield http_app
    server.stopping.set()
    await running


async def test_an_event_may_arrive_twice(sandbox: Sandbox, http_app: HttpApp, maya: Person) -> None:
    sandbox.faults.next("events_api", "duplicate")
    await maya.posts("hello", channel=SUPPORT)
    assert http_app.texts == ["hello", "hello"]
    assert len(set(http_app.received)) == 1


async def test_a_message_may_arrive_again_with_a_new_event_id(
    sandbox: Sandbox, http_app: HttpApp, maya: Person
) -> None:
    sandbox.faults.next("events_api", "new_event_id")
    await maya.posts("hello", channel=SUPPORT)
    await comes_true(lambda: len(http_app.received) == 2)
    assert http_app.texts == ["hello", "hello"]
    assert len(set(http_app.received)) == 2
    assert http_app.retries == [None, None]


async def test_an_event_may_arrive_after_the_next_one(
    sandbox: Sandbox, http_app: HttpApp, maya: Person
) -> None:
    sandbox.faults.next("events_api", "reordered")
    await maya.posts("first", channel=SUPPORT)
    await maya.posts("second", channel=SUPPORT)
    assert http_app.texts == ["second", "first"]


async def test_a_delayed_event_arrives_even_if_no_other_follows(
    sandbox: Sandbox, http_app: HttpApp, maya: Person, clock: Clock
) -> None:
    sandbox.faults.next("events_api", "reordered", seconds=10)
    await maya.posts("alone", channel=SUPPORT)
    assert http_app.texts == []
    clock.advance(timedelta(seconds=10))
    await comes_true(lambda: http_app.texts == ["alone"])


async def test_the_retry_may_be_the_first_request_to_arrive(
    sandbox: Sandbox, http_app: HttpApp, maya: Person
) -> None:
    sandbox.faults.next("events_api", "first_lost")
    await maya.posts("hello", channel=SUPPORT)
    assert (http_app.texts, http_app.retries) == (["hello"], ["1"])


async def test_an_unanswered_event_is_retried_at_once_after_one_minute_and_after_five_more(
    sandbox: Sandbox, http_app: HttpApp, maya: Person, clock: Clock
) -> None:
    sandbox.faults.next("events_api", "answer_lost", times=3)
    await maya.posts("hello", channel=SUPPORT)
    assert http_app.retries == [None, "1"]
    for minutes, number in ((1, "2"), (5, "3")):
        clock.advance(timedelta(minutes=minutes))
        await comes_true(partial(http_app.last_retry_was, number))
    assert len(set(http_app.received)) == 1


@pytest.mark.parametrize(("fault", "requests"), [("first_lost", 0), ("answer_lost", 1)])
async def test_a_form_stays_open_after_a_lost_submission_and_can_be_submitted_again(
    sandbox: Sandbox,
    http_app: HttpApp,
    client: AsyncWebClient,
    maya: Person,
    fault: str,
    requests: int,
) -> None:
    await maya.types("/escalate", channel=SUPPORT)
    await client.views_open(trigger_id=http_app.trigger, view=form(input_block("Note", text())))
    http_app.retries.clear()
    sandbox.faults.next("interactive", fault)
    await maya.submits(Note="x")
    assert (len(http_app.retries), len(maya.ephemerals)) == (requests, 1)
    assert "operation_timeout" in maya.ephemerals[0]
    await maya.submits()
    assert (len(http_app.retries), maya.modal) == (requests + 1, None)


class AppSocket:
    """The app's end of one socket, driven by the test."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def receives(self) -> dict[str, Any]:
        envelope: dict[str, Any] = await self._socket.receive_json(timeout=IN_TIME)
        return envelope

    async def acks(self) -> dict[str, Any]:
        envelope = await self.receives()
        await self._socket.send_json({"envelope_id": envelope["envelope_id"]})
        return envelope

    @property
    def socket(self) -> aiohttp.ClientWebSocketResponse:
        return self._socket


@pytest.fixture
async def connect_socket(sandbox: Sandbox) -> Any:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(sandbox.app_token, base_url=sandbox.api_url, session=session)

        async def connect() -> AppSocket:
            opened = await client.apps_connections_open(app_token=sandbox.app_token)
            app_socket = AppSocket(await session.ws_connect(str(opened["url"])))
            assert (await app_socket.receives())["type"] == "hello"
            return app_socket

        yield connect


async def test_sockets_may_be_refreshed_before_any_request(
    sandbox: Sandbox, maya: Person, connect_socket: Any
) -> None:
    app_socket = await connect_socket()
    sandbox.faults.next("socket", "refresh")
    await maya.types("/escalate", channel=SUPPORT)
    assert (await app_socket.receives())["reason"] == "refresh_requested"
    assert maya.ephemerals == ['/escalate failed with the error "dispatch_failed"']


async def test_sockets_may_be_reset_before_any_request(
    sandbox: Sandbox, maya: Person, connect_socket: Any
) -> None:
    app_socket = await connect_socket()
    sandbox.faults.next("socket", "reset")
    await maya.types("/escalate", channel=SUPPORT)
    assert (await app_socket.socket.receive(timeout=IN_TIME)).type in {
        aiohttp.WSMsgType.CLOSED,
        aiohttp.WSMsgType.ERROR,
    }
    assert not sandbox.sockets.any


async def test_a_stalled_socket_stays_open_but_nothing_gets_through(
    sandbox: Sandbox, maya: Person, connect_socket: Any
) -> None:
    sandbox.dispatch.patience = 0.05
    app_socket = await connect_socket()
    sandbox.faults.next("socket", "deaf")
    await maya.types("/escalate", channel=SUPPORT)
    assert maya.ephemerals == ['/escalate failed with the error "operation_timeout"']
    await app_socket.socket.ping()
    with pytest.raises(TimeoutError):
        await app_socket.socket.receive(timeout=0.1)
    assert not app_socket.socket.closed
    other = await connect_socket()  # the next requests go to both sockets in turn
    await asyncio.gather(maya.types("/escalate", channel=SUPPORT, times=2), other.acks())
    assert len(maya.ephemerals) == 2
    await sandbox.sockets.reset()
