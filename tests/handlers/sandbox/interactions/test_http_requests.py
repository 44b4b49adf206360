"""Signed HTTP requests to a Bolt app, and their retries."""

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
from tests.handlers.sandbox.blocks import actions, button, form, input_block, text
from tests.handlers.sandbox.conftest import SUPPORT
from tests.handlers.sandbox.waiting import IN_TIME


class HttpApp:
    """An app's request URL, which can be made to fail."""

    def __init__(self, app: AsyncApp) -> None:
        self._bolt = AsyncSlackRequestHandler(app)
        self.failures = 0
        self.third_request = asyncio.Event()
        self.no_retry = False
        self.requests: list[dict[str, str]] = []

    async def __call__(self, request: Request) -> Response:
        self.requests.append(dict(request.headers))
        if len(self.requests) == 3:
            self.third_request.set()
        if self.failures:
            self.failures -= 1
            headers = {"x-slack-no-retry": "1"} if self.no_retry else None
            return PlainTextResponse("no", 503, headers)
        return await self._bolt.handle(request)

    @property
    def retries(self) -> list[tuple[str | None, str | None]]:
        names = ("x-slack-retry-num", "x-slack-retry-reason")
        return [(headers.get(names[0]), headers.get(names[1])) for headers in self.requests]


@pytest.fixture
async def http_app(app: AsyncApp, sandbox: Sandbox) -> AsyncIterator[HttpApp]:
    http_app = HttpApp(app)
    listening = listen(0)
    routes = [Route("/slack/events", http_app.__call__, methods=["POST"])]
    server = Server(Starlette(routes=routes), Connections())
    running = asyncio.create_task(server.serve([listening]))
    await server.up.wait()
    sandbox.request_url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
    yield http_app
    server.stopping.set()
    await running


async def test_commands_buttons_and_forms_work_over_http(
    app: AsyncApp, http_app: HttpApp, client: AsyncWebClient, maya: Person
) -> None:
    @app.command("/escalate")
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        card = [actions(button("Claim", "claim", value=body["text"]))]
        await client.chat_postMessage(channel=SUPPORT, text="A case", blocks=card)
        await ack({"response_type": "in_channel", "text": "Escalated"})

    @app.action("claim")
    async def claim(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        view = form(input_block("Note", text(initial_value=action["value"])))
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    @app.view("form")
    async def on_submit(ack: AsyncAck, view: dict[str, Any]) -> None:
        value = view["state"]["values"]["note"]["answer"]["value"]
        await ack(response_action="errors", errors={"note": f"Not {value}"})

    await maya.types("/escalate ACME & Söhne", channel=SUPPORT)
    card, reply = maya.sees(SUPPORT)
    assert (reply.text, reply.only_for) == ("Escalated", None)
    await maya.presses("Claim", on=card)
    await maya.submits()
    assert maya.errors == {"Note": "Not ACME & Söhne"}
    assert all("x-slack-signature" in headers for headers in http_app.requests)


async def test_a_failed_event_is_retried_at_once_and_then_later(
    app: AsyncApp, http_app: HttpApp, maya: Person, clock: Clock
) -> None:
    received = asyncio.Event()

    @app.event("message")
    async def on_message(body: dict[str, Any]) -> None:
        received.set()

    http_app.failures = 3
    await maya.posts("hello", channel=SUPPORT)
    assert http_app.retries == [(None, None), ("1", "http_error")]
    clock.advance(timedelta(minutes=1))
    await asyncio.wait_for(http_app.third_request.wait(), IN_TIME)
    assert not received.is_set()
    clock.advance(timedelta(minutes=5))
    await asyncio.wait_for(received.wait(), IN_TIME)
    assert http_app.retries[2:] == [("2", "http_error"), ("3", "http_error")]


async def test_an_app_can_decline_retries_of_an_event(http_app: HttpApp, maya: Person) -> None:
    http_app.failures, http_app.no_retry = 9, True
    await maya.posts("hello", channel=SUPPORT)
    assert len(http_app.requests) == 1


@pytest.mark.parametrize(("status", "error"), [(503, "http_service_error")])
async def test_a_failed_command_is_not_retried(
    http_app: HttpApp, maya: Person, status: int, error: str
) -> None:
    http_app.failures = 9
    await maya.types("/escalate", channel=SUPPORT)
    assert len(http_app.requests) == 1
    assert maya.ephemerals == [f'/escalate failed with the error "{error}"']


async def test_a_command_without_a_listener_is_a_client_error(
    app: AsyncApp, http_app: HttpApp, maya: Person
) -> None:
    await maya.types("/broken", channel=SUPPORT)
    assert maya.ephemerals == ['/broken failed with the error "http_client_error"']


async def test_the_last_request_can_be_sent_again(
    app: AsyncApp, sandbox: Sandbox, http_app: HttpApp, maya: Person
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
    assert http_app.retries == [(None, None), ("1", "http_timeout")]
