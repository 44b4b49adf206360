"""An action counts once, whichever id Slack repeats it under."""

from typing import Any

import pytest

from bot.case.event import EventKind
from handlers.slack.plumbing.request_keys import keys_of
from tests.handlers.actions import escalates_and_claims, kinds
from tests.handlers.http.endpoint import Endpoint, recorded
from tests.world import World

MESSAGE = {"type": "message", "channel": "C1", "ts": "1.1", "client_msg_id": "c-1", "text": "Hi"}


def event_keys(event: dict[str, Any], event_id: str = "Ev1") -> set[str]:
    return set(keys_of({"type": "event_callback", "event_id": event_id, "event": event}))


def test_a_message_has_three_keys_its_event_its_timestamp_and_its_client_id() -> None:
    first = event_keys(MESSAGE)
    assert len(first) == 3
    assert first & event_keys(MESSAGE, "Ev2")
    assert first & event_keys(MESSAGE | {"ts": "1.2"}, "Ev2")
    assert not first & event_keys(MESSAGE | {"ts": "1.2", "client_msg_id": "c-2"}, "Ev2")


def test_an_edit_a_mention_and_a_bot_message_each_have_keys_of_their_own() -> None:
    edited = MESSAGE | {"edited": {"user": "U0ANA", "ts": "2.1"}}
    for other in (edited, MESSAGE | {"type": "app_mention"}, MESSAGE | {"subtype": "bot_message"}):
        assert not event_keys(MESSAGE) & event_keys(other, "Ev2")


@pytest.mark.parametrize("malformed", [None, "", 7, [], {}, "\x00", "\ud800", "é"])
def test_a_malformed_id_makes_no_key(malformed: Any) -> None:
    assert keys_of({"type": "block_actions", "trigger_id": malformed}) == ()
    assert keys_of({"type": "event_callback", "event_id": malformed, "event": malformed}) == ()


def test_a_submitted_form_counts_by_its_view_and_has_no_keys_here() -> None:
    assert keys_of(recorded("escalate_form")[1]) == ()


async def test_a_repeated_resume_does_not_end_the_next_wait(
    quick_world: World,
) -> None:
    world = quick_world
    await escalates_and_claims(world)
    for _ in range(2):
        await waits(world)
        await world.maya.presses("Resume", on=world.card)
        await world.settle()
    resume = world.slack.dispatch._last
    await waits(world)
    assert resume is not None
    assert (await world.slack.dispatch.ask(*resume, (1, "http_timeout"))).error is None
    await world.settle()
    assert (await kinds(world)).count(EventKind.RESUMED) == 2


async def test_a_repeated_command_is_answered_with_already_done(endpoint: Endpoint) -> None:
    await endpoint.world.escalates(endpoint.world.ana)
    kind, payload = recorded("baton_command")
    claim = payload | {"text": "claim 1", "user_id": "U0MAYA"}
    assert "You now own ESC-1." in (await endpoint.receives_request(kind, claim)).text
    repeated = claim | {"token": "another body"}  # an equal signature would be refused as a replay
    again = await endpoint.receives_request(kind, repeated)
    assert (again.status, "already done" in again.text) == (200, True)


async def test_two_events_of_one_kind_are_both_processed(endpoint: Endpoint) -> None:
    kind, payload = recorded("app_home_opened")
    for event_id in ("Ev1", "Ev2", "Ev2"):
        answer = await endpoint.receives_request(kind, payload | {"event_id": event_id})
        assert answer.status in (200, 409)
    await endpoint.world.settle()
    assert endpoint.world.slack.person(payload["event"]["user"]).home is not None


async def waits(world: World) -> None:
    await world.maya.presses("Wait", on=world.card)
    await world.maya.fills({"What has to happen?": "They send a screenshot"})
    await world.maya.submits()
    await world.settle()
