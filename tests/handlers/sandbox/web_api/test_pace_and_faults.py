"""Calls that come too fast, and calls that go wrong on purpose."""

from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Clock, Person, Sandbox
from tests.handlers.sandbox.conftest import SUPPORT
from tests.handlers.sandbox.refusals import refusal


async def test_a_channel_takes_a_few_messages_at_once_and_then_one_a_second(
    sandbox: Sandbox, client: AsyncWebClient, clock: Clock, maya: Person
) -> None:
    sandbox.pace.on = True
    for _ in range(4):
        await client.chat_postMessage(channel=SUPPORT, text="x")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=SUPPORT, text="early")
    response = caught.value.response
    assert (response.status_code, response.headers["retry-after"]) == (429, "1")
    assert response.data == {"ok": False, "error": "ratelimited"}
    await client.chat_postMessage(channel="U0MAYA", text="another channel goes on")
    clock.wind(timedelta(seconds=1))
    await client.chat_postMessage(channel=SUPPORT, text="in time")
    assert len(maya.sees(SUPPORT)) == 5


async def test_each_method_has_its_own_pace(
    sandbox: Sandbox, client: AsyncWebClient, clock: Clock
) -> None:
    sandbox.pace.on = True
    for _ in range(20):
        await client.conversations_list()
    assert await refusal(client.conversations_list()) == "ratelimited"
    await client.users_info(user="U0MAYA")
    clock.wind(timedelta(seconds=3))
    await client.conversations_list()


async def test_one_workspace_can_stand_for_many_and_count_each_channel_alone(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.pace.on, sandbox.pace.by_method = True, False
    for _ in range(30):
        await client.conversations_list()
    for _ in range(4):
        await client.chat_postMessage(channel=SUPPORT, text="x")
    assert await refusal(client.chat_postMessage(channel=SUPPORT, text="x")) == "ratelimited"


async def test_a_rate_limit_can_be_asked_for(
    sandbox: Sandbox, client: AsyncWebClient, maya: Person
) -> None:
    sandbox.faults.next("chat.postMessage", "ratelimited", times=2, retry_after=7)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel=SUPPORT, text="x")
        assert caught.value.response.headers["retry-after"] == "7"
    await client.chat_postMessage(channel=SUPPORT, text="third")
    assert [one.text for one in maya.sees(SUPPORT)] == ["third"]


async def test_an_error_of_slacks_can_be_asked_for(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.faults.next("chat.postMessage", "error:is_archived")
    assert await refusal(client.chat_postMessage(channel=SUPPORT, text="x")) == "is_archived"


@pytest.mark.parametrize(
    ("kind", "posted"),
    [("server_error", 0), ("server_error_after", 1), ("reset_before", 0), ("reset_after", 1)],
)
async def test_an_answer_can_be_lost_before_or_after_the_call_was_carried_out(
    sandbox: Sandbox, client: AsyncWebClient, maya: Person, kind: str, posted: int
) -> None:
    sandbox.faults.next("chat.postMessage", kind)
    lost = (SlackApiError, aiohttp.ClientError, ConnectionError)
    with pytest.raises(lost):
        await client.chat_postMessage(channel=SUPPORT, text="x")
    assert len(maya.sees(SUPPORT)) == posted
    [call] = sandbox.calls
    assert (call.fault, call.ok) == (kind, bool(posted))
    await client.chat_postMessage(channel=SUPPORT, text="the next one is well")


def test_a_fault_that_does_not_exist_is_refused(built: Sandbox) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        built.faults.next("chat.postMessage", "gremlins")
