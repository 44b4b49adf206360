"""The same over HTTP: signed requests to Bolt behind Starlette, and their retries."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from handlers.sandbox import Clock, Person, Sandbox
from handlers.sandbox.loopback import listen
from handlers.sandbox.server import Connections, Server
from tests.handlers.sandbox.blocks import actions, button, form, question, text
from tests.handlers.sandbox.conftest import SUPPORT
from tests.handlers.sandbox.waiting import IN_TIME


class Door:
    """An app's HTTP door, which can be made to fail."""

    def __init__(self, app: AsyncApp) -> None:
        self._bolt = AsyncSlackRequestHandler(app)
        self.failing = 0
        self.third = asyncio.Event()
        self.no_retry = False
        self.seen: list[dict[str, str]] = []

    async def __call__(self, request: Request) -> Response:
        self.seen.append(dict(request.headers))
        if len(self.seen) == 3:
            self.third.set()
        if self.failing:
            self.failing -= 1
            headers = {"x-slack-no-retry": "1"} if self.no_retry else None
            return PlainTextResponse("no", 503, headers)
        return await self._bolt.handle(request)

    @property
    def retries(self) -> list[tuple[str | None, str | None]]:
        names = ("x-slack-retry-num", "x-slack-retry-reason")
        return [(one.get(names[0]), one.get(names[1])) for one in self.seen]


@pytest.fixture
async def door(app: AsyncApp, sandbox: Sandbox) -> AsyncIterator[Door]:
    door = Door(app)
    listening = listen(0)
    routes = [Route("/slack/events", door.__call__, methods=["POST"])]
    server = Server(Starlette(routes=routes), Connections())
    running = asyncio.create_task(server.serve([listening]))
    await server.up.wait()
    sandbox.request_url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
    yield door
    server.leaving.set()
    await running


async def test_commands_buttons_and_forms_work_over_http(
    app: AsyncApp, door: Door, client: AsyncWebClient, maya: Person
) -> None:
    @app.command("/escalate")
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        card = [actions(button("Claim", "claim", value=body["text"]))]
        await client.chat_postMessage(channel=SUPPORT, text="A case", blocks=card)
        await ack({"response_type": "in_channel", "text": "Escalated"})

    @app.action("claim")
    async def claim(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        view = form(question("Note", text(initial_value=action["value"])))
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    @app.view("form")
    async def take(ack: AsyncAck, view: dict[str, Any]) -> None:
        value = view["state"]["values"]["note"]["answer"]["value"]
        await ack(response_action="errors", errors={"note": f"Not {value}"})

    await maya.types("/escalate ACME & Söhne", channel=SUPPORT)
    card, reply = maya.sees(SUPPORT)
    assert (reply.text, reply.only_for) == ("Escalated", None)
    await maya.presses("Claim", on=card)
    await maya.submits()
    assert maya.errors == {"Note": "Not ACME & Söhne"}
    assert all("x-slack-signature" in one for one in door.seen)


async def test_an_event_that_fails_comes_again_at_once_and_then_later(
    app: AsyncApp, door: Door, maya: Person, clock: Clock
) -> None:
    heard = asyncio.Event()

    @app.event("message")
    async def hear(body: dict[str, Any]) -> None:
        heard.set()

    door.failing = 3
    await maya.posts("hello", channel=SUPPORT)
    assert door.retries == [(None, None), ("1", "http_error")]
    clock.wind(timedelta(minutes=1))
    await asyncio.wait_for(door.third.wait(), IN_TIME)
    assert not heard.is_set()
    clock.wind(timedelta(minutes=5))
    await asyncio.wait_for(heard.wait(), IN_TIME)
    assert door.retries[2:] == [("2", "http_error"), ("3", "http_error")]


async def test_an_app_can_ask_not_to_be_sent_an_event_again(door: Door, maya: Person) -> None:
    door.failing, door.no_retry = 9, True
    await maya.posts("hello", channel=SUPPORT)
    assert len(door.seen) == 1


@pytest.mark.parametrize(("status", "error"), [(503, "http_service_error")])
async def test_a_command_that_fails_is_not_sent_again(
    door: Door, maya: Person, status: int, error: str
) -> None:
    door.failing = 9
    await maya.types("/escalate", channel=SUPPORT)
    assert len(door.seen) == 1
    assert maya.ephemerals == [f'/escalate failed with the error "{error}"']


async def test_a_command_that_bolt_does_not_know_is_a_client_error(
    app: AsyncApp, door: Door, maya: Person
) -> None:
    await maya.types("/broken", channel=SUPPORT)
    assert maya.ephemerals == ['/broken failed with the error "http_client_error"']


async def test_what_was_sent_last_can_be_sent_again(
    app: AsyncApp, sandbox: Sandbox, door: Door, maya: Person
) -> None:
    triggers: list[str] = []

    @app.command("/escalate")
    async def ask(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    await maya.types("/escalate", channel=SUPPORT)
    reply = await sandbox.dispatch.resend_last()
    assert reply.error is None
    assert len(triggers) == 2
    assert len(set(triggers)) == 1
    assert door.retries == [(None, None), ("1", "http_timeout")]
