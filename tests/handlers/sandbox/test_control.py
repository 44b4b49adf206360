"""The control endpoints: another process injects faults and reads the message log."""

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


async def test_faults_can_be_injected_and_cleared(
    control: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    requests: list[dict[str, Any]] = [
        {"next": {"method": "api.test", "kind": "error:fatal_error"}},
        {"rain": {"method": "*", "kinds": ["ratelimited_ok"], "share": 1, "seed": 1}},
    ]
    for body in requests:
        async with control.post("faults", json=body) as answer:
            assert await answer.json() == {"ok": True}
    assert await refusal(client.api_test()) == "fatal_error"
    assert await refusal(client.api_test()) == "ratelimited"
    async with control.post("faults", json={"clear": {}}):
        assert (await client.api_test())["ok"]


@pytest.mark.parametrize(
    "body", [b"nonsense", b'{"next": {"method": "x"}}', b'{"hail": {}}', b'{"next": []}',
              b'{"next": {"method": "api.test", "kind": "gremlins"}}'],
)  # fmt: skip
async def test_an_invalid_fault_is_refused_with_a_message(
    control: aiohttp.ClientSession, body: bytes
) -> None:
    async with control.post("faults", data=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"].startswith("Invalid fault: ")


async def test_the_log_lists_every_message_with_its_edits_and_deletions(
    control: aiohttp.ClientSession, client: AsyncWebClient, maya: Person
) -> None:
    root = await maya.posts("hello", channel=SUPPORT)
    edited = await client.chat_postMessage(channel=SUPPORT, text="one", thread_ts=root.ts)
    deleted = await client.chat_postMessage(channel=SUPPORT, text="two")
    await client.chat_update(channel=SUPPORT, ts=edited["ts"], text="one, edited")
    await client.chat_delete(channel=SUPPORT, ts=deleted["ts"])
    async with control.get("log") as answer:
        lines = (await answer.json())["lines"]
    logged = [(it["user"], it["first_words"], it["words"], it["deleted"]) for it in lines]
    assert logged == [
        ("U0MAYA", "hello", "hello", False),
        ("U0BATON", "one", "one, edited", False),
        ("U0BATON", "two", "two", True),
    ]
    assert [it["thread_ts"] for it in lines] == [root.ts, root.ts, None]
    assert {it["peer"] for it in lines} == {None}
    await client.chat_postMessage(channel="U0MAYA", text="for Maya only")
    async with control.get("log", params={"since": "2"}) as answer:
        _, dm = (await answer.json())["lines"]
    assert dm["peer"] == "U0MAYA"


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer xoxb-sandbox", "Bearer ü"])
async def test_the_control_token_is_required(sandbox: Sandbox, token: str) -> None:
    headers = {"authorization": token}
    async with aiohttp.ClientSession(sandbox.control_url, headers=headers) as session:
        async with session.get("log") as answer:
            assert answer.status == 401
        async with session.post("faults", json={"clear": {}}) as answer:
            assert answer.status == 401


async def test_the_log_refuses_an_invalid_line_number(control: aiohttp.ClientSession) -> None:
    async with control.get("log", params={"since": "x"}) as answer:
        assert answer.status == 400
