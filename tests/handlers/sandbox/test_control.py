"""Whoever set the sandbox up steers it from another process, and reads all that was posted."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Person, Sandbox
from tests.handlers.sandbox.conftest import SUPPORT
from tests.handlers.sandbox.refusals import refusal


@pytest.fixture
async def control(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"authorization": f"Bearer {sandbox.control_token}"}
    async with aiohttp.ClientSession(sandbox.control_url, headers=headers) as session:
        yield session


async def test_faults_are_asked_for_and_taken_back(
    control: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    asked: list[dict[str, Any]] = [
        {"next": {"method": "api.test", "kind": "error:fatal_error"}},
        {"rain": {"method": "*", "kinds": ["ratelimited_ok"], "share": 1, "seed": 1}},
    ]
    for one in asked:
        async with control.post("faults", json=one) as answer:
            assert await answer.json() == {"ok": True}
    assert await refusal(client.api_test()) == "fatal_error"
    assert await refusal(client.api_test()) == "ratelimited"
    async with control.post("faults", json={"clear": {}}):
        assert (await client.api_test())["ok"]


@pytest.mark.parametrize(
    "asked", [b"nonsense", b'{"next": {"method": "x"}}', b'{"hail": {}}', b'{"next": []}',
              b'{"next": {"method": "api.test", "kind": "gremlins"}}'],
)  # fmt: skip
async def test_what_is_no_fault_is_refused_in_a_sentence(
    control: aiohttp.ClientSession, asked: bytes
) -> None:
    async with control.post("faults", data=asked) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"].startswith("Not a fault: ")


async def test_the_log_has_every_message_with_what_became_of_it(
    control: aiohttp.ClientSession, client: AsyncWebClient, maya: Person
) -> None:
    said = await maya.posts("hello", channel=SUPPORT)
    kept = await client.chat_postMessage(channel=SUPPORT, text="one", thread_ts=said.ts)
    gone = await client.chat_postMessage(channel=SUPPORT, text="two")
    await client.chat_update(channel=SUPPORT, ts=kept["ts"], text="one, edited")
    await client.chat_delete(channel=SUPPORT, ts=gone["ts"])
    async with control.get("log") as answer:
        lines = (await answer.json())["lines"]
    notices = [(it["user"], it["first_words"], it["words"], it["deleted"]) for it in lines]
    assert notices == [
        ("U0MAYA", "hello", "hello", False),
        ("U0BATON", "one", "one, edited", False),
        ("U0BATON", "two", "two", True),
    ]
    assert [it["thread_ts"] for it in lines] == [said.ts, said.ts, None]
    assert {it["peer"] for it in lines} == {None}
    await client.chat_postMessage(channel="U0MAYA", text="for her alone")
    async with control.get("log", params={"since": "2"}) as answer:
        _, dm = (await answer.json())["lines"]
    assert dm["peer"] == "U0MAYA"


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer xoxb-sandbox", "Bearer ü"])
async def test_nobody_else_is_let_in(sandbox: Sandbox, token: str) -> None:
    headers = {"authorization": token}
    async with aiohttp.ClientSession(sandbox.control_url, headers=headers) as session:
        async with session.get("log") as answer:
            assert answer.status == 401
        async with session.post("faults", json={"clear": {}}) as answer:
            assert answer.status == 401


async def test_a_line_that_is_no_number_is_refused(control: aiohttp.ClientSession) -> None:
    async with control.get("log", params={"since": "x"}) as answer:
        assert answer.status == 400
