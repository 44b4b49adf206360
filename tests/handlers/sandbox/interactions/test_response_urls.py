"""response_urls: five replies to one interaction within 30 minutes."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Clock, Person, Sandbox
from tests.handlers.sandbox.blocks import actions, button
from tests.handlers.sandbox.conftest import QUIET, SUPPORT

Respond = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
async def urls(linked: AsyncApp) -> list[str]:
    """The response_url of each command and button press, in order."""
    received: list[str] = []

    @linked.command("/escalate")
    @linked.action("claim")
    async def on_request(ack: AsyncAck, body: dict[str, Any]) -> None:
        received.append(body["response_url"])
        await ack()

    return received


async def respond(url: str, **payload: Any) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, json=payload) as response:
        return response.status, await response.text()


async def test_a_reply_is_ephemeral_unless_it_says_otherwise(
    urls: list[str], maya: Person, ana: Person
) -> None:
    await maya.types("/escalate", channel=SUPPORT)
    assert await respond(urls[0], text="quietly") == (200, "ok")
    await respond(urls[0], text="aloud", response_type="in_channel")
    assert [message.text for message in maya.sees(SUPPORT)] == ["quietly", "aloud"]
    assert [message.text for message in ana.sees(SUPPORT)] == ["aloud"]


async def test_a_reply_works_in_channels_without_the_app(urls: list[str], maya: Person) -> None:
    await maya.types("/escalate", channel=QUIET)
    await respond(urls[0], text="hello", response_type="in_channel")
    assert [message.text for message in maya.sees(QUIET)] == ["hello"]


async def test_a_response_url_works_five_times(urls: list[str], maya: Person) -> None:
    await maya.types("/escalate", channel=SUPPORT)
    for _ in range(5):
        assert (await respond(urls[0], text="x"))[0] == 200
    status, body = await respond(urls[0], text="x")
    assert (status, "used_url" in body) == (404, True)


async def test_a_response_url_expires_after_half_an_hour(
    urls: list[str], maya: Person, clock: Clock
) -> None:
    await maya.types("/escalate", channel=SUPPORT)
    clock.advance(timedelta(minutes=31))
    status, body = await respond(urls[0], text="x")
    assert (status, "expired_url" in body) == (404, True)


async def test_the_message_with_the_button_can_be_replaced_or_deleted(
    urls: list[str], client: AsyncWebClient, maya: Person
) -> None:
    card = [actions(button("Claim", "claim"))]
    await client.chat_postMessage(channel=SUPPORT, text="A case", blocks=card)
    [posted] = maya.sees(SUPPORT)
    await maya.presses("Claim", on=posted)
    await respond(urls[0], text="Claimed", replace_original=True)
    assert [(message.text, message.blocks) for message in maya.sees(SUPPORT)] == [("Claimed", None)]
    await respond(urls[0], delete_original=True)
    assert maya.sees(SUPPORT) == []


async def test_an_ephemeral_message_can_be_replaced_but_not_made_public(
    urls: list[str], client: AsyncWebClient, maya: Person, ana: Person
) -> None:
    card = [actions(button("Claim", "claim"))]
    await client.chat_postEphemeral(channel=SUPPORT, user="U0MAYA", text="Yours?", blocks=card)
    [ephemeral] = maya.sees(SUPPORT)
    await maya.presses("Claim", on=ephemeral)
    await respond(urls[0], text="Done", replace_original=True, response_type="in_channel")
    assert [message.text for message in maya.sees(SUPPORT)] == ["Done"]
    assert maya.ephemerals == ["Yours?", "Done"]
    assert ana.sees(SUPPORT) == []


async def test_an_empty_or_invalid_reply_is_refused(
    urls: list[str], maya: Person, sandbox: Sandbox
) -> None:
    await maya.types("/escalate", channel=SUPPORT)
    assert (await respond(urls[0], text=""))[0] == 400
    assert (await respond(urls[0], blocks=[{"type": "sparkle"}]))[0] == 400
    unknown = f"{sandbox.page_url}response/R0NONE"
    assert (await respond(unknown, text="x"))[0] == 404
