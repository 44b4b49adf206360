"""Socket Mode: envelopes, acks, and sockets that come and go."""

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


class Line:
    """An app's end of one socket, by hand."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def hears(self, kind: str) -> dict[str, Any]:
        heard: dict[str, Any] = await self.socket.receive_json(timeout=IN_TIME)
        assert heard["type"] == kind, heard
        return heard

    async def acks(self, envelope: dict[str, Any], payload: dict[str, Any] | None = None) -> None:
        answer: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
        if payload:
            answer["payload"] = payload
        await self.socket.send_json(answer)


@pytest.fixture
async def dial(sandbox: Sandbox) -> Any:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(sandbox.app_token, base_url=sandbox.api_url, session=session)

        async def connect() -> Line:
            opened = await client.apps_connections_open(app_token=sandbox.app_token)
            line = Line(await session.ws_connect(str(opened["url"])))
            await line.hears("hello")
            return line

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


async def test_an_event_waits_for_its_ack(sandbox: Sandbox, maya: Person, dial: Any) -> None:
    line = await dial()
    posting = asyncio.create_task(maya.posts("hello", channel=SUPPORT))
    envelope = await line.hears("events_api")
    assert envelope["payload"]["event"]["text"] == "hello"
    assert envelope["retry_attempt"] == 0
    assert not posting.done()
    await line.acks(envelope)
    await posting


async def test_an_event_without_an_ack_comes_again_at_once(
    sandbox: Sandbox, maya: Person, dial: Any
) -> None:
    sandbox.dispatch.patience = 0.05
    line = await dial()
    posting = asyncio.create_task(maya.posts("hello", channel=SUPPORT))
    first = await line.hears("events_api")
    again = await line.hears("events_api")
    assert again["payload"]["event_id"] == first["payload"]["event_id"]
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "http_timeout")
    await line.acks(again)
    await posting


async def test_what_a_lost_socket_did_not_acknowledge_goes_to_another(
    sandbox: Sandbox, maya: Person, dial: Any
) -> None:
    lines = [await dial(), await dial()]
    await sandbox.sockets.connected(2)
    posting = asyncio.create_task(maya.types("/escalate", channel=SUPPORT))
    hearing = {asyncio.create_task(line.hears("slash_commands")): line for line in lines}
    done, waiting = await asyncio.wait(hearing, return_when=asyncio.FIRST_COMPLETED)
    [heard] = done
    await hearing[heard].socket.close()
    [other] = waiting
    envelope = await other
    assert envelope["payload"] == heard.result()["payload"]
    await hearing[other].acks(envelope, {"text": "done"})
    await posting
    assert maya.ephemerals == ["done"]


async def test_payloads_are_spread_over_the_open_sockets(
    sandbox: Sandbox, maya: Person, dial: Any
) -> None:
    lines = [await dial(), await dial()]
    for line in lines * 2:
        posting = asyncio.create_task(maya.posts("x", channel=SUPPORT))
        await line.acks(await line.hears("events_api"))
        await posting


async def test_a_socket_to_be_refreshed_gets_nothing_more_but_may_still_answer(
    sandbox: Sandbox, maya: Person, dial: Any
) -> None:
    line = await dial()
    posting = asyncio.create_task(maya.posts("hello", channel=SUPPORT))
    envelope = await line.hears("events_api")
    await sandbox.sockets.refresh()
    goodbye = await line.hears("disconnect")
    assert goodbye["reason"] == "refresh_requested"
    assert not sandbox.sockets.any
    await line.acks(envelope)
    await posting


async def test_a_socket_can_be_cut(sandbox: Sandbox, dial: Any) -> None:
    line = await dial()
    await sandbox.sockets.drop()
    assert (await line.socket.receive()).type is aiohttp.WSMsgType.CLOSE
    assert not sandbox.sockets.any


async def test_the_eleventh_socket_is_turned_away(sandbox: Sandbox, dial: Any) -> None:
    lines = [await dial() for _ in range(10)]
    with pytest.raises(AssertionError, match="too_many_websockets"):  # and no hello
        await dial()
    assert not any(line.socket.closed for line in lines)


async def test_bolt_comes_back_after_a_refresh(
    linked: AsyncApp, sandbox: Sandbox, maya: Person
) -> None:
    @linked.command("/escalate")
    async def answer(ack: AsyncAck) -> None:
        await ack("still here")

    await sandbox.sockets.refresh()
    await asyncio.wait_for(sandbox.sockets.connected(), IN_TIME)
    await maya.types("/escalate", channel=SUPPORT)
    assert maya.ephemerals == ["still here"]


async def test_without_an_ack_in_time_the_person_is_told(
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


async def test_with_no_app_listening_the_person_is_told(sandbox: Sandbox, maya: Person) -> None:
    await maya.types("/escalate", channel=SUPPORT)
    assert maya.ephemerals == ['/escalate failed with the error "dispatch_failed"']


async def test_a_server_that_stops_closes_its_sockets(built: Sandbox) -> None:
    async with built.serving(), aiohttp.ClientSession() as session:
        client = AsyncWebClient(built.bot_token, base_url=built.api_url, session=session)
        app = AsyncApp(client=client, signing_secret=built.signing_secret)
        handler = AsyncSocketModeHandler(app, built.app_token, web_client=client)
        handler.client.auto_reconnect_enabled = False
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        await built.sockets.connected()
    assert not built.sockets.any
    await handler.close_async()  # type: ignore[no-untyped-call]  # the same
