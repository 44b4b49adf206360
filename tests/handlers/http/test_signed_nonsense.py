"""Signed requests with invalid content get an answer, never an error."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from bot.case import Status
from tests.handlers.http.endpoint import RECORDED, Endpoint, recorded, tracebacks
from tests.world import SUPPORT, WORKSPACE, World

FORGED = "forged-7f3a"
"""Part of every invalid request; it must never reach the log."""

ANSWERED = (200, 400, 409)  # 409: an identical request was sent before


@pytest.mark.parametrize(
    "name", ["baton_command", "escalate_command", "escalate_form", "claim_button", "resolve_form"]
)
async def test_a_request_from_another_workspace_is_answered_and_has_no_effect(
    endpoint: Endpoint, log: pytest.LogCaptureFixture, name: str
) -> None:
    kind, payload = recorded(name)
    foreign = json.loads(json.dumps(payload).replace(WORKSPACE, "T0OTHER"))
    answer = await endpoint.receives_request(kind, foreign)
    assert answer.status == 200
    if name != "claim_button":
        assert "not set up in this workspace" in answer.text
    await endpoint.world.settle()
    assert endpoint.world.cards() == []
    assert not tracebacks(log)


async def test_an_event_from_another_workspace_is_acknowledged_and_ignored(
    endpoint: Endpoint, log: pytest.LogCaptureFixture
) -> None:
    kind, payload = recorded("app_home_opened")
    foreign = json.loads(json.dumps(payload).replace(WORKSPACE, "T0OTHER"))
    assert (await endpoint.receives_request(kind, foreign)).status == 200
    await endpoint.world.settle()
    assert endpoint.world.maya.home is None
    assert not tracebacks(log)


async def test_an_unexpected_event_is_acknowledged(
    endpoint: Endpoint, log: pytest.LogCaptureFixture
) -> None:
    kind, payload = recorded("app_home_opened")
    for name in ("message", "app_mention", "a_future_event", ""):
        event = {"type": name, "text": FORGED, "channel": SUPPORT, "user": "U0ANA"}
        assert (await endpoint.receives_request(kind, payload | {"event": event})).status == 200
    assert FORGED not in log.text
    assert not tracebacks(log)


async def test_an_unknown_command_is_answered_with_help(
    endpoint: Endpoint, log: pytest.LogCaptureFixture
) -> None:
    kind, payload = recorded("baton_command")
    answer = await endpoint.receives_request(kind, payload | {"command": "/drop_tables"})
    assert answer.status == 200
    assert "/baton help" in answer.text
    assert not tracebacks(log)


async def test_a_request_without_a_user_or_workspace_is_answered(endpoint: Endpoint) -> None:
    for name in ("escalate_form", "claim_button", "baton_command", "app_home_opened"):
        kind, payload = recorded(name)
        for missing in ("team", "team_id", "user", "user_id", "authorizations"):
            without = {field: it for field, it in payload.items() if field != missing}
            for altered in (without, payload | {missing: 5}, payload | {missing: [{}]}):
                assert (await endpoint.receives_request(kind, altered)).status in ANSWERED
    await endpoint.world.settle()


async def test_a_button_from_an_older_version_gets_an_explanation(
    quick_world: World, log: pytest.LogCaptureFixture
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    old = "an_old_button"
    signed = world.baton.signer.sign("1", old)
    button(world).update(action_id=old, value=signed)
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    assert "is no longer available" in world.maya.ephemerals[-1]
    assert not tracebacks(log)


async def test_a_form_from_an_older_version_stays_open_with_an_explanation(
    quick_world: World, log: pytest.LogCaptureFixture
) -> None:
    world = quick_world
    await fill_escalate_form(world)
    old = "an_old_form"
    signed = world.baton.signer.sign("1/", old)
    assert world.ana.modal is not None
    world.ana.modal.view |= {"callback_id": old, "private_metadata": signed}
    await world.ana.submits()
    assert "is no longer available" in world.ana.errors["Customer"]
    assert not tracebacks(log)


@pytest.mark.parametrize(
    "value", ["", "x", "-1", "1.0", "0", "9" * 30, "9" * 5000, "1; DROP TABLE cases", "\x00"]
)
async def test_a_button_with_an_impossible_case_number_is_answered_and_changes_nothing(
    quick_world: World, value: str
) -> None:
    await quick_world.escalates(quick_world.ana)
    button(quick_world)["value"] = quick_world.baton.signer.sign(value, "claim")
    await quick_world.maya.presses("Claim", on=quick_world.card)
    await quick_world.settle()
    assert quick_world.maya.ephemerals[-1]
    assert (await quick_world.case()).status is Status.OPEN


@pytest.mark.parametrize("value", ["", "x", "-1", "0", "9" * 30, "9" * 5000, "1; DROP"])
async def test_a_form_with_an_impossible_case_number_shows_an_error_at_its_first_field(
    quick_world: World, log: pytest.LogCaptureFixture, value: str
) -> None:
    maya = quick_world.maya
    await quick_world.escalates(quick_world.ana)
    await maya.presses("Claim", on=quick_world.card)
    await quick_world.settle()
    await maya.presses("Resolve", on=quick_world.card)
    await maya.fills(SOLVED)
    maya.modal.view["private_metadata"] = value  # type: ignore[union-attr]  # it is open
    await maya.submits()
    assert maya.errors["What was the outcome?"]
    assert (await quick_world.case()).status is Status.CLAIMED
    assert not tracebacks(log)


SOLVED = {
    "What was the outcome?": "It works",
    "What was the root cause?": "A certificate",
    "How will we prevent it?": "An expiry alert",
}
MUTANTS: list[Any] = [
    None, True, 0, -1, 10**30, 1.5, "", "x", "x" * 5000, "\x00", "\ud800", "ESC-1",
    [], [[]], [None], {}, {"id": {}}, {"id": 7}, {"type": []},
]  # fmt: skip


@seed(1)  # otherwise the examples would change with every edit of the test
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    name=st.sampled_from(sorted(RECORDED)),
    changes=st.lists(
        st.tuples(st.integers(0, 10_000), st.sampled_from(["delete", *MUTANTS])),
        min_size=1,
        max_size=3,
    ),
)
async def test_a_request_with_missing_or_odd_values_is_answered(
    endpoint: Endpoint, name: str, changes: list[tuple[int, Any]]
) -> None:
    kind, payload = recorded(name)
    for place, change in changes:
        # A lone surrogate cannot be encoded in a form body.
        unencodable = kind == "slash_commands" and change == "\ud800"
        alter(payload, place, "delete" if unencodable else change)
    # Slack always sends a valid response URL; a user cannot change it.
    if "response_url" in payload:
        payload["response_url"] = f"{endpoint.world.slack.page_url}response/R0"
    answer = await endpoint.receives_request(kind, payload)
    assert answer.status in ANSWERED
    await endpoint.world.baton.ephemeral.drain()


def alter(payload: dict[str, Any], place: int, change: Any) -> None:
    """Delete or replace the n-th value of a payload, in depth-first order."""
    nodes = list(places(payload))
    if not nodes:
        return
    holder, key = nodes[place % len(nodes)]
    if change == "delete":
        del holder[key]
    else:
        holder[key] = copy.deepcopy(change)


def places(part: Any) -> Iterator[tuple[Any, Any]]:
    keys = part.keys() if isinstance(part, dict) else range(len(part))
    for key in list(keys):
        yield part, key
        if isinstance(part[key], dict | list):
            yield from places(part[key])


async def test_an_option_of_another_version_is_reported_at_its_field(
    quick_world: World, log: pytest.LogCaptureFixture
) -> None:
    ana = quick_world.ana
    await fill_escalate_form(quick_world)
    assert ana.modal is not None
    [priority] = [it for it in ana.modal.view["blocks"] if it["block_id"] == "priority"]
    for option in priority["element"]["options"]:
        option["value"] = "disaster"
    await ana.fills({"Priority": "Urgent"})
    await ana.submits()
    assert "no longer exists" in ana.errors["Priority"]
    assert quick_world.cards() == []
    assert not tracebacks(log)


def button(world: World) -> dict[str, Any]:
    """Return the card's first button, to tamper with."""
    [actions] = (it for it in world.card.blocks or [] if it["type"] == "actions")
    first: dict[str, Any] = actions["elements"][0]
    return first


async def fill_escalate_form(world: World) -> None:
    await world.ana.types("/escalate Users cannot log in", channel=SUPPORT)
    await world.ana.fills({"Customer": "Acme", "Why does it need a manager?": ["Risk"]})
