"""Socket Mode: envelopes, acks and reconnects."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Person, Sandbox
from tests.handlers.sandbox.conftest import SUPPORT
from tests.handlers.sandbox.waiting import IN_TIME


class AppSocket:
    """The app's end of one socket, driven by the test."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def receives(self, kind: str) -> dict[str, Any]:
        envelope: dict[str, Any] = await self.socket.receive_json(timeout=IN_TIME)
        assert envelope["type"] == kind, envelope
        return envelope

    async def acks(self, envelope: dict[str, Any], payload: dict[str, Any] | None = None) -> None:
        ack: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
        if payload:
            ack["payload"] = payload
        await self.socket.send_json(ack)


@pytest.fixture
async def connect_socket(sandbox: Sandbox) -> Any:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(sandbox.app_token, base_url=sandbox.api_url, session=session)

        async def connect() -> AppSocket:
            opened = await client.apps_connections_open(app_token=sandbox.app_token)
            app_socket = AppSocket(await session.ws_connect(str(opened["url"])))
            await app_socket.receives("hello")
            return app_socket

        yield connect


async def test_a_ticket_admits_one_socket(sandbox: Sandbox, client: AsyncWebClient) -> None:
    opened = await client.apps_connections_open(app_token=sandbox.app_token)
    url = str(opened["url"])
    assert url.startswith("ws://127.0.0.1:")
    async with aiohttp.ClientSession() as session:
        first = await session.ws_connect(url)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        await first.close()


async def test_an_event_waits_for_its_ack(
    sandbox: Sandbox, maya: Person, connect_socket: Any
) -> None:
    app_socket = await connect_socket()
    posting = asyncio.create_task(maya.posts("hello", channel=SUPPORT))
    envelope = await app_socket.receives("events_api")
    assert envelope["payload"]["event"]["text"] == "hello"
    assert envelope["retry_attempt"] == 0
    assert not posting.done()
    await app_socket.acks(envelope)
    await posting


async def test_an_unacknowledged_event_is_retried_at_once(
    sandbox: Sandbox, maya: Person, connect_socket: Any
) -> None:
    sandbox.dispatch.patience = 0.05
    app_socket = await connect_socket()
    posting = asyncio.create_task(maya.posts("hello", channel=SUPPORT))
    first = await app_socket.receives("events_api")
    again = await app_socket.receives("events_api")
    assert again["payload"]["event_id"] == first["payload"]["event_id"]
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "http_timeout")
    await app_socket.acks(again)
    await posting


async def test_an_unacknowledged_envelope_of_a_closed_socket_goes_to_another(
    sandbox: Sandbox, maya: Person, connect_socket: Any
) -> None:
    app_sockets = [await connect_socket(), await connect_socket()]
    await sandbox.sockets.connected(2)
    posting = asyncio.create_task(maya.types("/escalate", channel=SUPPORT))
    receiving = {
        asyncio.create_task(app_socket.receives("slash_commands")): app_socket
        for app_socket in app_sockets
    }
    done, waiting = await asyncio.wait(receiving, return_when=asyncio.FIRST_COMPLETED)
    [first_task] = done
    await receiving[first_task].socket.close()
    [other] = waiting
    envelope = await other
    assert envelope["payload"] == first_task.result()["payload"]
    await receiving[other].acks(envelope, {"text": "done"})
    await posting
    assert maya.ephemerals == ["done"]


async def test_payloads_are_spread_over_the_open_sockets(
    sandbox: Sandbox, maya: Person, connect_socket: Any
) -> None:
    app_sockets = [await connect_socket(), await connect_socket()]
    for app_socket in app_sockets * 2:
        posting = asyncio.create_task(maya.posts("x", channel=SUPPORT))
        await app_socket.acks(await app_socket.receives("events_api"))
        await posting


async def test_a_refreshed_socket_gets_no_more_envelopes_but_can_still_acknowledge(
    sandbox: Sandbox, maya: Person, connect_socket: Any
) -> None:
    app_socket = await connect_socket()
    posting = asyncio.create_task(maya.posts("hello", channel=SUPPORT))
    envelope = await app_socket.receives("events_api")
    await sandbox.sockets.refresh()
    disconnect = await app_socket.receives("disconnect")
    assert disconnect["reason"] == "refresh_requested"
    assert not sandbox.sockets.any
    await app_socket.acks(envelope)
    await posting


async def test_sockets_can_be_dropped(sandbox: Sandbox, connect_socket: Any) -> None:
    app_socket = await connect_socket()
    await sandbox.sockets.drop()
    assert (await app_socket.socket.receive()).type is aiohttp.WSMsgType.CLOSE
    assert not sandbox.sockets.any


async def test_the_eleventh_socket_is_refused(sandbox: Sandbox, connect_socket: Any) -> None:
    app_sockets = [await connect_socket() for _ in range(10)]
    with pytest.raises(AssertionError, match="too_many_websockets"):  # instead of hello
        await connect_socket()
    assert not any(app_socket.socket.closed for app_socket in app_sockets)


async def test_bolt_reconnects_after_a_refresh(
    linked: AsyncApp, sandbox: Sandbox, maya: Person
) -> None:
    @linked.command("/escalate")
    async def answer(ack: AsyncAck) -> None:
        await ack("still here")

    await sandbox.sockets.refresh()
    await asyncio.wait_for(sandbox.sockets.connected(), IN_TIME)
    await maya.types("/escalate", channel=SUPPORT)
    assert maya.ephemerals == ["still here"]


async def test_a_missing_ack_shows_an_error_to_the_person(
    linked: AsyncApp, sandbox: Sandbox, maya: Person
) -> None:
    sandbox.dispatch.patience = 0.05
    released = asyncio.Event()

    @linked.command("/slow")
    async def dawdle(ack: AsyncAck) -> None:
        await released.wait()
        await ack()

    await maya.types("/slow", channel=SUPPORT)
    assert maya.ephemerals == ['/slow failed with the error "operation_timeout"']
    released.set()


async def test_a_command_without_a_connected_app_shows_an_error(
    sandbox: Sandbox, maya: Person
) -> None:
    await maya.types("/escalate", channel=SUPPORT)
    assert maya.ephemerals == ['/escalate failed with the error "dispatch_failed"']


async def test_the_sockets_close_when_the_server_stops(built: Sandbox) -> None:
    async with built.serving(), aiohttp.ClientSession() as session:
        client = AsyncWebClient(built.bot_token, base_url=built.api_url, session=session)
        app = AsyncApp(client=client, signing_secret=built.signing_secret)
        handler = AsyncSocketModeHandler(app, built.app_token, web_client=client)
        handler.client.auto_reconnect_enabled = False
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        await built.sockets.connected()
    assert not built.sockets.any
    await handler.close_async()  # type: ignore[no-untyped-call]  # the same
