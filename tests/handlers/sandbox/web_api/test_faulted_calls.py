"""Injected faults in Web API calls, as the plain Slack client sees them."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Clock, Person, Sandbox
from handlers.sandbox.faults import KINDS, Faults
from tests.handlers.sandbox.conftest import SUPPORT
from tests.handlers.sandbox.waiting import comes_true

LOST = (SlackApiError, aiohttp.ClientError, ConnectionError)


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_names_its_source(kind: str) -> None:
    assert KINDS[kind].source.startswith(("https://", "our assumption: "))
    assert KINDS[kind].description


async def test_a_rate_limit_may_come_without_retry_after(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.faults.next("chat.postMessage", "ratelimited_bare")
    response = (await failure(client.chat_postMessage(channel=SUPPORT, text="x"))).response
    assert response.status_code == 429
    assert "retry-after" not in response.headers


async def test_a_rate_limit_may_come_with_200(
    sandbox: Sandbox, client: AsyncWebClient, maya: Person
) -> None:
    sandbox.faults.next("chat.postMessage", "ratelimited_ok")
    response = (await failure(client.chat_postMessage(channel=SUPPORT, text="x"))).response
    assert (response.status_code, response["error"]) == (200, "ratelimited")
    assert maya.sees(SUPPORT) == []


async def test_a_truncated_response_is_invalid_json_but_the_message_is_posted(
    sandbox: Sandbox, client: AsyncWebClient, maya: Person
) -> None:
    sandbox.faults.next("chat.postMessage", "broken_json")
    with pytest.raises(SlackApiError, match="Received a response in a non-JSON format"):
        await client.chat_postMessage(channel=SUPPORT, text="x")
    assert len(maya.sees(SUPPORT)) == 1


async def test_a_slow_response_arrives_after_the_message_was_posted(
    sandbox: Sandbox, client: AsyncWebClient, clock: Clock, maya: Person
) -> None:
    sandbox.faults.next("chat.postMessage", "slow", seconds=20)
    posting = asyncio.create_task(client.chat_postMessage(channel=SUPPORT, text="x"))
    await comes_true(lambda: len(maya.sees(SUPPORT)) == 1)
    assert not posting.done()
    clock.advance(timedelta(seconds=20))
    assert (await posting)["ok"]


async def test_a_late_message_is_posted_after_the_connection_broke(
    sandbox: Sandbox, client: AsyncWebClient, clock: Clock, maya: Person
) -> None:
    sandbox.faults.next("chat.postMessage", "late", seconds=20)
    with pytest.raises(LOST):
        await client.chat_postMessage(channel=SUPPORT, text="x")
    assert maya.sees(SUPPORT) == []
    clock.advance(timedelta(seconds=20))
    await comes_true(lambda: len(maya.sees(SUPPORT)) == 1)


async def test_a_lagging_history_misses_the_newest_messages(
    sandbox: Sandbox, client: AsyncWebClient, clock: Clock
) -> None:
    root = await client.chat_postMessage(channel=SUPPORT, text="old")
    clock.advance(timedelta(seconds=60))
    await client.chat_postMessage(channel=SUPPORT, text="new")
    await client.chat_postMessage(channel=SUPPORT, text="reply", thread_ts=root["ts"])
    sandbox.faults.next("conversations.history", "lagging", seconds=30)
    sandbox.faults.next("conversations.replies", "lagging", seconds=30)
    assert texts(await client.conversations_history(channel=SUPPORT)) == ["old"]
    assert texts(await client.conversations_replies(channel=SUPPORT, ts=root["ts"])) == ["old"]
    assert texts(await client.conversations_history(channel=SUPPORT)) == ["new", "old"]


async def test_a_message_above_the_rate_limit_may_be_dropped_silently(
    sandbox: Sandbox, client: AsyncWebClient, maya: Person
) -> None:
    sandbox.pace.on = True
    sandbox.faults.next("chat.postMessage", "dropped", times=6)
    for number in range(6):
        assert (await client.chat_postMessage(channel=SUPPORT, text=str(number)))["ts"]
    assert [message.text for message in maya.sees(SUPPORT)] == ["0", "1", "2", "3"]


async def test_random_faults_hit_a_share_of_all_calls(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.faults.rain("*", ["server_error", "error:fatal_error"], share=0.3, seed=7)
    succeeded = [await is_ok(client.users_info(user="U0MAYA")) for _ in range(100)]
    assert 50 < sum(succeeded) < 90
    sandbox.faults.clear()
    assert await is_ok(client.users_info(user="U0MAYA"))


def test_random_faults_depend_only_on_the_seed_and_the_method() -> None:
    def drawn(seed: int, *methods: str) -> list[str | None]:
        faults = Faults()
        faults.rain("*", ["reset_after", "late", "lagging", "ratelimited"], share=0.5, seed=seed)
        taken = [(method, faults.take(method)) for _ in range(40) for method in methods]
        return [it.kind if it else None for method, it in taken if method == "chat.postMessage"]

    alone = drawn(1, "chat.postMessage")
    assert alone == drawn(1, "chat.postMessage", "chat.update")
    assert alone != drawn(2, "chat.postMessage")
    assert "late" in alone
    assert "lagging" not in alone  # applies only to reads


@pytest.mark.parametrize(
    ("method", "kind"),
    [("chat.update", "late"), ("chat.postMessage", "lagging"), ("events_api", "reset_after")],
)
def test_a_fault_that_does_not_apply_to_a_method_is_refused(
    built: Sandbox, method: str, kind: str
) -> None:
    with pytest.raises(ValueError, match=f"{kind} does not apply to {method}"):
        built.faults.next(method, kind)
    with pytest.raises(ValueError, match=f"{kind} does not apply to {method}"):
        built.faults.rain(method, [kind], share=1, seed=1)


async def failure(call: Awaitable[Any]) -> SlackApiError:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value


async def is_ok(call: Awaitable[Any]) -> bool:
    try:
        await call
    except SlackApiError:
        return False
    return True


def texts(response: Any) -> list[str]:
    return [it["text"] for it in response["messages"]]
