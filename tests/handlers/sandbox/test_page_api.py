"""What the sandbox's web page asks for."""

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
    menu,
    option,
    overflow,
    question,
    text,
)
from tests.handlers.sandbox.conftest import QUIET, SUPPORT
from tests.handlers.sandbox.waiting import IN_TIME


class Page:
    """The page, as its scripts see the server."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url = session, url

    async def asks(self, path: str, **query: str) -> dict[str, Any]:
        async with self._session.get(f"{self._url}{path}", params=query) as response:
            asked: dict[str, Any] = await response.json()
            return asked

    async def posts(self, path: str, body: Any) -> dict[str, Any]:
        async with self._session.post(f"{self._url}{path}", json=body) as response:
            assert response.status == 200
            said: dict[str, Any] = await response.json()
            return said

    async def does(self, what: str, **details: Any) -> dict[str, Any]:
        return await self.posts("sandbox/do", {"as": "U0MAYA", "do": what, **details})

    async def state(self, person: str = "U0MAYA") -> dict[str, Any]:
        return await self.asks("sandbox/state", **{"as": person})


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(session, sandbox.page_url)


async def test_the_page_knows_who_is_there(page: Page) -> None:
    there = await page.asks("sandbox/people")
    assert there["workspace"] == {"id": "T0SANDBOX", "name": "Sandbox"}
    assert there["app"]["user"] == "U0BATON"
    assert there["app"]["commands"][0]["command"] == "/escalate"
    assert there["app"]["shortcuts"][1] == {
        "name": "Escalate this message",
        "type": "message",
        "callback_id": "escalate_message",
    }
    assert [one["is_bot"] for one in there["people"]] == [True, False, False]
    assert there["people"][2]["tz_offset"] == -18_000
    assert there["groups"] == [{"id": "S0MANAGERS", "handle": "managers", "name": "managers"}]


async def test_a_person_sees_their_channels_and_the_dm_with_the_app(
    page: Page, maya: Person
) -> None:
    said = await maya.posts("hello", channel=QUIET)
    hers, anas = await page.state(), await page.state("U0ANA")
    kinds = [(one["name"], one["kind"]) for one in hers["channels"]]
    assert kinds == [
        ("support", "public"),
        ("quiet", "public"),
        ("secret", "private"),
        ("directmessage", "im"),
    ]
    assert hers["channels"][-1]["peer"] == "U0BATON"
    assert hers["messages"][QUIET] == [
        {
            "ts": said.ts,
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
    assert (hers["modal"], hers["home"], hers["notices"]) == (None, None, [])


async def test_a_change_is_heard_of_as_soon_as_it_happens(page: Page, maya: Person) -> None:
    version = (await page.state())["version"]
    waiting = asyncio.create_task(page.asks("sandbox/changes", since=str(version)))
    await page.asks("sandbox/clock")
    assert not waiting.done()
    await maya.posts("hello", channel=SUPPORT)
    assert (await waiting)["version"] > version


async def test_whoever_waits_for_a_change_is_let_go_when_the_server_stops(
    built: Sandbox,
) -> None:
    async with aiohttp.ClientSession() as session:
        async with built.serving():
            page = Page(session, built.page_url)
            waiting = asyncio.create_task(page.asks("sandbox/changes", since="999"))
            await page.asks("sandbox/clock")
        assert "version" in await asyncio.wait_for(waiting, IN_TIME)


async def test_a_form_is_filled_and_sent_from_the_page(
    page: Page, linked: AsyncApp, client: AsyncWebClient
) -> None:
    taken: list[dict[str, Any]] = []

    @linked.command("/escalate")
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        priority = menu("static_select", option("High", "high"), option("Low", "low"))
        view = form(question("Customer", text()), question("Priority", priority))
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    @linked.view("form")
    async def take(ack: AsyncAck, view: dict[str, Any]) -> None:
        taken.append(view["state"]["values"])
        if len(taken) == 1:
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
    assert taken[1]["priority"]["answer"]["selected_option"]["value"] == "high"
    late = await page.does("close", view_id=modal["id"])
    assert "That form is no longer open." in late["error"]


async def test_buttons_and_menus_are_pressed_from_the_page(
    page: Page, linked: AsyncApp, client: AsyncWebClient, maya: Person
) -> None:
    heard: list[dict[str, Any]] = []

    @linked.action("claim")
    @linked.action("more")
    @linked.action("who")
    async def hear(ack: AsyncAck, action: dict[str, Any]) -> None:
        heard.append(action)
        await ack()

    elements = (
        button("Claim", "claim", value="7"),
        overflow("more", option("Merge", "merge")),
        {"type": "multi_users_select", "action_id": "who"},
    )
    card = [actions(*elements, block_id="b")]
    posted = await client.chat_postMessage(channel=SUPPORT, text="A case", blocks=card)
    there = {"channel": SUPPORT, "ts": posted["ts"], "block_id": "b"}
    await page.does("press", **there, action_id="claim")
    await page.does("press", **there, action_id="more", option="merge")
    await page.does("press", **there, action_id="who", values=["U0ANA"])
    assert heard[0]["value"] == "7"
    assert heard[1]["selected_option"]["value"] == "merge"
    assert heard[2]["selected_users"] == ["U0ANA"]
    wrong = await page.does("press", **there, action_id="nothing")
    assert wrong["ok"] is False


async def test_shortcuts_home_threads_and_notices_work_from_the_page(
    page: Page, linked: AsyncApp, sandbox: Sandbox, maya: Person
) -> None:
    heard: list[str] = []

    @linked.shortcut("escalate")
    @linked.shortcut("escalate_message")
    async def start(ack: AsyncAck, body: dict[str, Any]) -> None:
        heard.append(body["type"])
        await ack()

    @linked.event("app_home_opened")
    async def home(event: dict[str, Any]) -> None:
        heard.append(event["type"])

    @linked.event("message")
    async def said(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    root = await maya.posts("root", channel=SUPPORT)
    await page.does("say", channel=SUPPORT, text="reply", thread_ts=root.ts)
    await page.does("shortcut", callback_id="escalate")
    await page.does("shortcut", callback_id="escalate_message", channel=SUPPORT, ts=root.ts)
    await page.does("home")
    assert heard == ["root", "reply", "shortcut", "message_action", "app_home_opened"]
    await page.does("say", channel=SUPPORT, text="/nonsense")
    [notice] = (await page.state())["notices"]
    assert notice["text"] == "/nonsense is not a valid command."
    await page.does("dismiss", id=notice["id"])
    assert (await page.state())["notices"] == []


async def test_an_ephemeral_message_is_shown_until_it_is_dismissed(
    page: Page, client: AsyncWebClient
) -> None:
    notices = await client.chat_postEphemeral(channel=SUPPORT, user="U0MAYA", text="psst")
    [shown] = (await page.state())["messages"][SUPPORT]
    assert shown["ephemeral"] is True
    await page.does("dismiss", ts=notices["message_ts"])
    assert (await page.state())["messages"][SUPPORT] == []


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"as": "U0NOBODY", "do": "home"},
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
async def test_what_cannot_be_done_is_answered_with_a_sentence(page: Page, wanted: Any) -> None:
    said = await page.posts("sandbox/do", wanted)
    assert said["ok"] is False
    assert said["error"]


async def test_the_clock_is_wound_from_the_page(page: Page, clock: Clock) -> None:
    assert (await page.asks("sandbox/clock"))["now"] == clock().timestamp()
    await page.posts("sandbox/clock", {"wind": 90})
    assert clock() == datetime(2026, 3, 2, 9, 1, 30, tzinfo=UTC)
    await page.posts("sandbox/clock", {"wind_to": "next_morning", "tz": "Europe/Berlin"})
    assert clock() == datetime(2026, 3, 3, 8, tzinfo=UTC)
    for wrong in ({"wind": -1}, {"wind": "soon"}, {"wind_to": "next_morning", "tz": "Mars"}, {}):
        assert (await page.posts("sandbox/clock", wrong))["ok"] is False


async def test_next_morning_is_right_where_the_clocks_change(page: Page, clock: Clock) -> None:
    clock.wind_to(datetime(2026, 3, 28, 20, tzinfo=UTC))
    await page.posts("sandbox/clock", {"wind_to": "next_morning", "tz": "Europe/Berlin"})
    assert clock() == datetime(2026, 3, 29, 7, tzinfo=UTC)


async def test_the_page_itself_is_served(page: Page, sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(sandbox.page_url) as response:
            assert response.status == 200
            assert "<html" in await response.text()
        async with session.get(f"{sandbox.page_url}static/api.js") as response:
            assert response.status == 200
        async with session.get(f"{sandbox.page_url}static/../page_api.py") as response:
            assert response.status == 404
