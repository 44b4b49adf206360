"""Rate limits, and the most common injected faults."""

from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Clock, Person, Sandbox
from tests.handlers.sandbox.conftest import SUPPORT
from tests.handlers.sandbox.refusals import refusal


async def test_a_channel_accepts_a_burst_and_then_one_message_a_second(
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
    await client.chat_postMessage(channel="U0MAYA", text="other channels are not limited")
    clock.advance(timedelta(seconds=1))
    await client.chat_postMessage(channel=SUPPORT, text="in time")
    assert len(maya.sees(SUPPORT)) == 5


async def test_each_method_has_its_own_rate_limit(
    sandbox: Sandbox, client: AsyncWebClient, clock: Clock
) -> None:
    sandbox.pace.on = True
    for _ in range(20):
        await client.conversations_list()
    assert await refusal(client.conversations_list()) == "ratelimited"
    await client.users_info(user="U0MAYA")
    clock.advance(timedelta(seconds=3))
    await client.conversations_list()


async def test_method_limits_can_be_switched_off_to_stand_in_for_many_workspaces(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.pace.on, sandbox.pace.by_method = True, False
    for _ in range(30):
        await client.conversations_list()
    for _ in range(4):
        await client.chat_postMessage(channel=SUPPORT, text="x")
    assert await refusal(client.chat_postMessage(channel=SUPPORT, text="x")) == "ratelimited"


async def test_a_rate_limit_can_be_injected(
    sandbox: Sandbox, client: AsyncWebClient, maya: Person
) -> None:
    sandbox.faults.next("chat.postMessage", "ratelimited", times=2, retry_after=7)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel=SUPPORT, text="x")
        assert caught.value.response.headers["retry-after"] == "7"
    await client.chat_postMessage(channel=SUPPORT, text="third")
    assert [message.text for message in maya.sees(SUPPORT)] == ["third"]


async def test_an_error_code_can_be_injected(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.next("chat.postMessage", "error:is_archived")
    assert await refusal(client.chat_postMessage(channel=SUPPORT, text="x")) == "is_archived"


@pytest.mark.parametrize(
    ("kind", "posted"),
    [("server_error", 0), ("server_error_after", 1), ("reset_before", 0), ("reset_after", 1)],
)
async def test_a_response_can_be_lost_before_or_after_the_call_is_executed(
    sandbox: Sandbox, client: AsyncWebClient, maya: Person, kind: str, posted: int
) -> None:
    sandbox.faults.next("chat.postMessage", kind)
    lost = (SlackApiError, aiohttp.ClientError, ConnectionError)
    with pytest.raises(lost):
        await client.chat_postMessage(channel=SUPPORT, text="x")
    assert len(maya.sees(SUPPORT)) == posted
    [call] = sandbox.calls
    assert (call.fault, call.ok) == (kind, bool(posted))
    await client.chat_postMessage(channel=SUPPORT, text="the next call succeeds")


def test_an_unknown_fault_is_refused(built: Sandbox) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        built.faults.next("chat.postMessage", "gremlins")
