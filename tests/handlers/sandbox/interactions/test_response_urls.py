"""Response urls: five answers within half an hour, to one interaction."""

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
    """The response url of each command and press, in order."""
    given: list[str] = []

    @linked.command("/escalate")
    @linked.action("claim")
    async def keep(ack: AsyncAck, body: dict[str, Any]) -> None:
        given.append(body["response_url"])
        await ack()

    return given


async def answer(url: str, **given: Any) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, json=given) as response:
        return response.status, await response.text()


async def test_an_answer_is_for_the_person_alone_unless_it_says_otherwise(
    urls: list[str], maya: Person, ana: Person
) -> None:
    await maya.types("/escalate", channel=SUPPORT)
    assert await answer(urls[0], text="quietly") == (200, "ok")
    await answer(urls[0], text="aloud", response_type="in_channel")
    assert [one.text for one in maya.sees(SUPPORT)] == ["quietly", "aloud"]
    assert [one.text for one in ana.sees(SUPPORT)] == ["aloud"]


async def test_an_answer_needs_no_place_in_the_channel(urls: list[str], maya: Person) -> None:
    await maya.types("/escalate", channel=QUIET)
    await answer(urls[0], text="hello", response_type="in_channel")
    assert [one.text for one in maya.sees(QUIET)] == ["hello"]


async def test_five_answers_are_the_most(urls: list[str], maya: Person) -> None:
    await maya.types("/escalate", channel=SUPPORT)
    for _ in range(5):
        assert (await answer(urls[0], text="x"))[0] == 200
    status, body = await answer(urls[0], text="x")
    assert (status, "used_url" in body) == (404, True)


async def test_after_half_an_hour_it_is_too_late(
    urls: list[str], maya: Person, clock: Clock
) -> None:
    await maya.types("/escalate", channel=SUPPORT)
    clock.wind(timedelta(minutes=31))
    status, body = await answer(urls[0], text="x")
    assert (status, "expired_url" in body) == (404, True)


async def test_the_message_that_was_pressed_can_be_replaced_or_removed(
    urls: list[str], client: AsyncWebClient, maya: Person
) -> None:
    card = [actions(button("Claim", "claim"))]
    await client.chat_postMessage(channel=SUPPORT, text="A case", blocks=card)
    [posted] = maya.sees(SUPPORT)
    await maya.presses("Claim", on=posted)
    await answer(urls[0], text="Claimed", replace_original=True)
    assert [(one.text, one.blocks) for one in maya.sees(SUPPORT)] == [("Claimed", None)]
    await answer(urls[0], delete_original=True)
    assert maya.sees(SUPPORT) == []


async def test_an_ephemeral_message_can_be_replaced_but_not_made_public(
    urls: list[str], client: AsyncWebClient, maya: Person, ana: Person
) -> None:
    card = [actions(button("Claim", "claim"))]
    await client.chat_postEphemeral(channel=SUPPORT, user="U0MAYA", text="Yours?", blocks=card)
    [notices] = maya.sees(SUPPORT)
    await maya.presses("Claim", on=notices)
    await answer(urls[0], text="Done", replace_original=True, response_type="in_channel")
    assert [one.text for one in maya.sees(SUPPORT)] == ["Done"]
    assert maya.ephemerals == ["Yours?", "Done"]
    assert ana.sees(SUPPORT) == []


async def test_an_answer_that_says_nothing_is_refused(
    urls: list[str], maya: Person, sandbox: Sandbox
) -> None:
    await maya.types("/escalate", channel=SUPPORT)
    assert (await answer(urls[0], text=""))[0] == 400
    assert (await answer(urls[0], blocks=[{"type": "sparkle"}]))[0] == 400
    lost = f"{sandbox.page_url}response/R0NONE"
    assert (await answer(lost, text="x"))[0] == 404
