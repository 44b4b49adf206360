"""What somebody did counts once, under whichever name Slack tells of it again."""

from typing import Any

import pytest

from bot.case.event import EventKind
from handlers.slack.plumbing.request_keys import keys_of
from tests.handlers.actions import is_claimed, kinds
from tests.handlers.http.endpoint import Endpoint, recorded
from tests.world import World

MESSAGE = {"type": "message", "channel": "C1", "ts": "1.1", "client_msg_id": "c-1", "text": "Hi"}


def told(event: dict[str, Any], event_id: str = "Ev1") -> set[str]:
    return set(keys_of({"type": "event_callback", "event_id": event_id, "event": event}))


def test_a_message_is_known_by_its_event_its_place_and_its_own_id() -> None:
    first = told(MESSAGE)
    assert len(first) == 3
    assert first & told(MESSAGE, "Ev2")
    assert first & told(MESSAGE | {"ts": "1.2"}, "Ev2")
    assert not first & told(MESSAGE | {"ts": "1.2", "client_msg_id": "c-2"}, "Ev2")


def test_an_edited_message_and_a_mention_in_it_are_something_new() -> None:
    edited = MESSAGE | {"edited": {"user": "U0ANA", "ts": "2.1"}}
    for other in (edited, MESSAGE | {"type": "app_mention"}, MESSAGE | {"subtype": "bot_message"}):
        assert not told(MESSAGE) & told(other, "Ev2")


@pytest.mark.parametrize("odd", [None, "", 7, [], {}, "\x00", "\ud800", "é"])
def test_what_is_no_id_tells_nothing(odd: Any) -> None:
    assert keys_of({"type": "block_actions", "trigger_id": odd}) == ()
    assert keys_of({"type": "event_callback", "event_id": odd, "event": odd}) == ()


def test_a_form_is_known_by_its_view_alone() -> None:
    assert keys_of(recorded("escalate_form")[1]) == ()


async def test_a_resume_that_comes_again_later_does_not_end_the_next_wait(
    quick_world: World,
) -> None:
    world = quick_world
    await is_claimed(world)
    for _ in range(2):
        await waits(world)
        await world.maya.presses("Resume", on=world.card)
        await world.settle()
    late = world.slack.dispatch._last
    await waits(world)
    assert late is not None
    assert (await world.slack.dispatch.ask(*late, (1, "http_timeout"))).error is None
    await world.settle()
    assert (await kinds(world)).count(EventKind.RESUMED) == 2


async def test_a_command_that_comes_again_says_that_it_was_done(endpoint: Endpoint) -> None:
    await endpoint.world.escalates(endpoint.world.ana)
    kind, payload = recorded("baton_command")
    asks = payload | {"text": "claim 1", "user_id": "U0MAYA"}
    assert "You have ESC-1 now" in (await endpoint.receives_request(kind, asks)).text
    again = await endpoint.receives_request(kind, asks | {"token": "another body"})
    assert (again.status, "already done" in again.text) == (200, True)


async def test_two_events_of_one_kind_are_two(endpoint: Endpoint) -> None:
    kind, payload = recorded("app_home_opened")
    for event_id in ("Ev1", "Ev2", "Ev2"):
        assert (await endpoint.receives_request(kind, payload | {"event_id": event_id})).status in (
            200,
            409,
        )
    await endpoint.world.settle()
    assert endpoint.world.slack.person(payload["event"]["user"]).home is not None


async def waits(world: World) -> None:
    await world.maya.presses("Wait", on=world.card)
    await world.maya.fills({"What has to happen?": "They send a screenshot"})
    await world.maya.submits()
    await world.settle()
