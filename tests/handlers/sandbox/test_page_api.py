"""The HTTP API of the sandbox's web page."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Clock, Person, Sandbox
from tests.handlers.sandbox.blocks import (
    actions,
    button,
    form,
    input_block,
    menu,
    option,
    overflow,
    text,
)
from tests.handlers.sandbox.conftest import QUIET, SUPPORT
from tests.handlers.sandbox.waiting import IN_TIME


class Page:
    """The calls that the page's scripts make."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url = session, url

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        async with self._session.get(f"{self._url}{path}", params=query) as response:
            body: dict[str, Any] = await response.json()
            return body

    async def post(self, path: str, body: Any) -> dict[str, Any]:
        async with self._session.post(f"{self._url}{path}", json=body) as response:
            assert response.status == 200
            reply: dict[str, Any] = await response.json()
            return reply

    async def does(self, what: str, **details: Any) -> dict[str, Any]:
        return await self.post("sandbox/do", {"as": "U0MAYA", "do": what, **details})

    async def state(self, person: str = "U0MAYA") -> dict[str, Any]:
        return await self.get("sandbox/state", **{"as": person})


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(session, sandbox.page_url)


async def test_the_page_lists_the_people_groups_and_commands(page: Page) -> None:
    directory = await page.get("sandbox/people")
    assert directory["workspace"] == {"id": "T0SANDBOX", "name": "Sandbox"}
    assert directory["app"]["user"] == "U0BATON"
    assert directory["app"]["commands"][0]["command"] == "/escalate"
    assert directory["app"]["shortcuts"][1] == {
        "name": "Escalate this message",
        "type": "message",
        "callback_id": "escalate_message",
    }
    assert [person["is_bot"] for person in directory["people"]] == [True, False, False]
    assert directory["people"][2]["tz_offset"] == -18_000
    assert directory["groups"] == [{"id": "S0MANAGERS", "handle": "managers", "name": "managers"}]


async def test_a_person_sees_their_channels_and_the_dm_with_the_app(
    page: Page, maya: Person
) -> None:
    posted = await maya.posts("hello", channel=QUIET)
    mayas, anas = await page.state(), await page.state("U0ANA")
    kinds = [(channel["name"], channel["kind"]) for channel in mayas["channels"]]
    assert kinds == [
        ("support", "public"),
        ("quiet", "public"),
        ("secret", "private"),
        ("directmessage", "im"),
    ]
    assert mayas["channels"][-1]["peer"] == "U0BATON"
    assert mayas["messages"][QUIET] == [
        {
            "ts": posted.ts,
            "thread_ts": None,
            "user": "U0MAYA",
            "text": "hello",
            "blocks": None,
            "edited": False,
            "ephemeral": False,
            "deleted": False,
            "reactions": [],
        }
    ]
    assert QUIET not in anas["messages"]
    assert (mayas["modal"], mayas["home"], mayas["notices"]) == (None, None, [])


async def test_the_page_learns_of_a_change_at_once(page: Page, maya: Person) -> None:
    version = (await page.state())["version"]
    waiting = asyncio.create_task(page.get("sandbox/changes", since=str(version)))
    await page.get("sandbox/clock")
    assert not waiting.done()
    await maya.posts("hello", channel=SUPPORT)
    assert (await waiting)["version"] > version


async def test_a_request_that_waits_for_changes_ends_when_the_server_stops(
    built: Sandbox,
) -> None:
    async with aiohttp.ClientSession() as session:
        async with built.serving():
            page = Page(session, built.page_url)
            waiting = asyncio.create_task(page.get("sandbox/changes", since="999"))
            await page.get("sandbox/clock")
        assert "version" in await asyncio.wait_for(waiting, IN_TIME)


async def test_a_form_can_be_submitted_from_the_page(
    page: Page, linked: AsyncApp, client: AsyncWebClient
) -> None:
    submitted: list[dict[str, Any]] = []

    @linked.command("/escalate")
    async def open_form(ack: AsyncAck, body: dict[str, Any]) -> None:
        priority = menu("static_select", option("High", "high"), option("Low", "low"))
        view = form(input_block("Customer", text()), input_block("Priority", priority))
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    @linked.view("form")
    async def on_submit(ack: AsyncAck, view: dict[str, Any]) -> None:
        submitted.append(view["state"]["values"])
        if len(submitted) == 1:
            await ack(response_action="errors", errors={"customer": "Unknown"})
        else:
            await ack()

    assert await page.does("say", channel=SUPPORT, text="/escalate") == {"ok": True}
    modal = (await page.state())["modal"]
    assert modal["depth"] == 1
    state = {
        "customer": {"answer": {"type": "plain_text_input", "value": "Acme"}},
        "priority": {
            "answer": {"type": "static_select", "selected_option": option("High", "high")}
        },
    }
    await page.does("submit", view_id=modal["id"], state=state)
    shown = (await page.state())["modal"]
    assert shown["errors"] == {"customer": "Unknown"}
    assert shown["view"]["state"]["values"]["customer"]["answer"]["value"] == "Acme"
    await page.does("submit", view_id=modal["id"], state={})
    assert (await page.state())["modal"] is None
    assert submitted[1]["priority"]["answer"]["selected_option"]["value"] == "high"
    late = await page.does("close", view_id=modal["id"])
    assert "That form is no longer open." in late["error"]


async def test_buttons_and_menus_work_from_the_page(
    page: Page, linked: AsyncApp, client: AsyncWebClient, maya: Person
) -> None:
    received: list[dict[str, Any]] = []

    @linked.action("claim")
    @linked.action("more")
    @linked.action("who")
    async def on_action(ack: AsyncAck, action: dict[str, Any]) -> None:
        received.append(action)
        await ack()

    elements = (
        button("Claim", "claim", value="7"),
        overflow("more", option("Merge", "merge")),
        {"type": "multi_users_select", "action_id": "who"},
    )
    card = [actions(*elements, block_id="b")]
    posted = await client.chat_postMessage(channel=SUPPORT, text="A case", blocks=card)
    target = {"channel": SUPPORT, "ts": posted["ts"], "block_id": "b"}
    await page.does("press", **target, action_id="claim")
    await page.does("press", **target, action_id="more", option="merge")
    await page.does("press", **target, action_id="who", values=["U0ANA"])
    assert received[0]["value"] == "7"
    assert received[1]["selected_option"]["value"] == "merge"
    assert received[2]["selected_users"] == ["U0ANA"]
    refused = await page.does("press", **target, action_id="nothing")
    assert refused["ok"] is False


async def test_shortcuts_threads_notices_and_the_home_tab_work_from_the_page(
    page: Page, linked: AsyncApp, sandbox: Sandbox, maya: Person
) -> None:
    received: list[str] = []

    @linked.shortcut("escalate")
    @linked.shortcut("escalate_message")
    async def start(ack: AsyncAck, body: dict[str, Any]) -> None:
        received.append(body["type"])
        await ack()

    @linked.event("app_home_opened")
    async def home(event: dict[str, Any]) -> None:
        received.append(event["type"])

    @linked.event("message")
    async def on_message(event: dict[str, Any]) -> None:
        received.append(event["text"])

    root = await maya.posts("root", channel=SUPPORT)
    await page.does("say", channel=SUPPORT, text="reply", thread_ts=root.ts)
    await page.does("shortcut", callback_id="escalate")
    await page.does("shortcut", callback_id="escalate_message", channel=SUPPORT, ts=root.ts)
    await page.does("home")
    assert received == ["root", "reply", "shortcut", "message_action", "app_home_opened"]
    await page.does("say", channel=SUPPORT, text="/nonsense")
    [notice] = (await page.state())["notices"]
    assert notice["text"] == "/nonsense is not a valid command."
    await page.does("dismiss", id=notice["id"])
    assert (await page.state())["notices"] == []


async def test_an_ephemeral_message_is_shown_until_it_is_dismissed(
    page: Page, client: AsyncWebClient
) -> None:
    posted = await client.chat_postEphemeral(channel=SUPPORT, user="U0MAYA", text="psst")
    [shown] = (await page.state())["messages"][SUPPORT]
    assert shown["ephemeral"] is True
    await page.does("dismiss", ts=posted["message_ts"])
    assert (await page.state())["messages"][SUPPORT] == []


@pytest.mark.parametrize(
    "request_body",
    [
        {},
        {"as": "U0UNKNOWN", "do": "home"},
        {"as": ["U0MAYA"], "do": "home"},
        {"as": "U0MAYA", "do": "dance"},
        {"as": "U0MAYA", "do": ["say"]},
        {"as": "U0MAYA", "do": "say"},
        {"as": "U0MAYA", "do": "say", "channel": SUPPORT, "text": "  "},
        {"as": "U0MAYA", "do": "say", "channel": "C0NOWHERE", "text": "x"},
        {"as": "U0MAYA", "do": "press", "channel": SUPPORT, "ts": "1.0"},
        {"as": "U0MAYA", "do": "press", "view_id": {}},
        {"as": "U0MAYA", "do": "submit", "view_id": "V0"},
        {"as": "U0MAYA", "do": "shortcut", "callback_id": 7},
        [],
    ],
)
async def test_an_impossible_request_is_answered_with_a_message(
    page: Page, request_body: Any
) -> None:
    reply = await page.post("sandbox/do", request_body)
    assert reply["ok"] is False
    assert reply["error"]


async def test_the_clock_can_be_moved_from_the_page(page: Page, clock: Clock) -> None:
    assert (await page.get("sandbox/clock"))["now"] == clock().timestamp()
    await page.post("sandbox/clock", {"advance": 90})
    assert clock() == datetime(2026, 3, 2, 9, 1, 30, tzinfo=UTC)
    await page.post("sandbox/clock", {"advance_to": "next_morning", "tz": "Europe/Berlin"})
    assert clock() == datetime(2026, 3, 3, 8, tzinfo=UTC)
    for invalid in (
        {"advance": -1},
        {"advance": "soon"},
        {"advance_to": "next_morning", "tz": "Mars"},
        {},
    ):
        assert (await page.post("sandbox/clock", invalid))["ok"] is False


async def test_next_morning_accounts_for_daylight_saving_time(page: Page, clock: Clock) -> None:
    clock.advance_to(datetime(2026, 3, 28, 20, tzinfo=UTC))
    await page.post("sandbox/clock", {"advance_to": "next_morning", "tz": "Europe/Berlin"})
    assert clock() == datetime(2026, 3, 29, 7, tzinfo=UTC)


async def test_the_page_and_its_scripts_are_served(page: Page, sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(sandbox.page_url) as response:
            assert response.status == 200
            assert "<html" in await response.text()
        async with session.get(f"{sandbox.page_url}static/api.js") as response:
            assert response.status == 200
        async with session.get(f"{sandbox.page_url}static/../page_api.py") as response:
            assert response.status == 404
