"""Requests that Slack signed and that make no sense: a sentence for a person, never a failure."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.case import Status
from tests.handlers.http.endpoint import RECORDED, Endpoint, recorded, tracebacks
from tests.world import SUPPORT, WORKSPACE, World

FORGED = "forged-7f3a"
"""In every request that nobody of ours would send, and never in a log."""

ANSWERED = (200, 400, 409)  # 409: the very same request came before


@pytest.mark.parametrize(
    "name", ["baton_command", "escalate_command", "escalate_form", "claim_button", "resolve_form"]
)
async def test_another_workspace_is_told_so_and_touches_nothing(
    endpoint: Endpoint, log: pytest.LogCaptureFixture, name: str
) -> None:
    kind, payload = recorded(name)
    theirs = json.loads(json.dumps(payload).replace(WORKSPACE, "T0OTHER"))
    answer = await endpoint.receives_request(kind, theirs)
    assert answer.status == 200
    if name != "claim_button":
        assert "not set up in this workspace" in answer.text
    await endpoint.world.settle()
    assert endpoint.world.cards() == []
    assert not tracebacks(log)


async def test_an_event_of_another_workspace_is_taken_and_forgotten(
    endpoint: Endpoint, log: pytest.LogCaptureFixture
) -> None:
    kind, payload = recorded("app_home_opened")
    theirs = json.loads(json.dumps(payload).replace(WORKSPACE, "T0OTHER"))
    assert (await endpoint.receives_request(kind, theirs)).status == 200
    await endpoint.world.settle()
    assert endpoint.world.maya.home is None
    assert not tracebacks(log)


async def test_an_event_that_nobody_asked_for_is_taken(
    endpoint: Endpoint, log: pytest.LogCaptureFixture
) -> None:
    kind, payload = recorded("app_home_opened")
    for name in ("message", "app_mention", "a_thing_of_next_year", ""):
        event = {"type": name, "text": FORGED, "channel": SUPPORT, "user": "U0ANA"}
        assert (await endpoint.receives_request(kind, payload | {"event": event})).status == 200
    assert FORGED not in log.text
    assert not tracebacks(log)


async def test_an_unknown_command_is_answered_with_a_sentence(
    endpoint: Endpoint, log: pytest.LogCaptureFixture
) -> None:
    kind, payload = recorded("baton_command")
    answer = await endpoint.receives_request(kind, payload | {"command": "/drop_tables"})
    assert answer.status == 200
    assert "/baton help" in answer.text
    assert not tracebacks(log)


async def test_one_who_asks_without_a_name_or_a_workspace_gets_nothing(endpoint: Endpoint) -> None:
    for name in ("escalate_form", "claim_button", "baton_command", "app_home_opened"):
        kind, payload = recorded(name)
        for missing in ("team", "team_id", "user", "user_id", "authorizations"):
            rest = {field: it for field, it in payload.items() if field != missing}
            for instead in (rest, payload | {missing: 5}, payload | {missing: [{}]}):
                assert (await endpoint.receives_request(kind, instead)).status in ANSWERED
    await endpoint.world.settle()


async def test_a_button_that_baton_no_longer_knows_says_so(
    quick_world: World, log: pytest.LogCaptureFixture
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    last_year = "a_button_of_last_year"
    sealed = world.baton.signer.sign("1", last_year)
    button(world).update(action_id=last_year, value=sealed)
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    assert "no longer knows this" in world.maya.ephemerals[-1]
    assert not tracebacks(log)


async def test_a_form_that_baton_no_longer_knows_stays_open_and_says_so(
    quick_world: World, log: pytest.LogCaptureFixture
) -> None:
    world = quick_world
    await opens_a_full_form(world)
    last_year = "a_form_of_last_year"
    sealed = world.baton.signer.sign("1/", last_year)
    assert world.ana.modal is not None
    world.ana.modal.view |= {"callback_id": last_year, "private_metadata": sealed}
    await world.ana.submits()
    assert "no longer knows this" in world.ana.errors["Customer"]
    assert not tracebacks(log)


@pytest.mark.parametrize(
    "value", ["", "x", "-1", "1.0", "0", "9" * 30, "9" * 5000, "1; DROP TABLE cases", "\x00"]
)
async def test_a_press_on_a_case_that_cannot_be_is_answered_and_changes_nothing(
    quick_world: World, value: str
) -> None:
    await quick_world.escalates(quick_world.ana)
    button(quick_world)["value"] = quick_world.baton.signer.sign(value, "claim")
    await quick_world.maya.presses("Claim", on=quick_world.card)
    await quick_world.settle()
    assert quick_world.maya.ephemerals[-1]
    assert (await quick_world.case()).status is Status.OPEN


@pytest.mark.parametrize("value", ["", "x", "-1", "0", "9" * 30, "9" * 5000, "1; DROP"])
async def test_a_form_about_a_case_that_cannot_be_is_answered_under_its_first_field(
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
    "How will we prevent it?": "We watch it",
}
MUTANTS: list[Any] = [
    None, True, 0, -1, 10**30, 1.5, "", "x", "x" * 5000, "\x00", "\ud800", "ESC-1",
    [], [[]], [None], {}, {"id": {}}, {"id": 7}, {"type": []},
]  # fmt: skip


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
async def test_whatever_is_missing_or_odd_in_a_request_is_never_a_failure(
    endpoint: Endpoint, name: str, changes: list[tuple[int, Any]]
) -> None:
    kind, payload = recorded(name)
    for place, change in changes:
        no_form_can_hold_it = kind == "slash_commands" and change == "\ud800"
        alter(payload, place, "delete" if no_form_can_hold_it else change)
    # Where to answer is beyond doubt: it is Slack's own address, and nobody types it.
    if "response_url" in payload:
        payload["response_url"] = f"{endpoint.world.slack.page_url}response/R0"
    answer = await endpoint.receives_request(kind, payload)
    assert answer.status in ANSWERED
    await endpoint.world.baton.ephemeral.drain()


def alter(payload: dict[str, Any], place: int, change: Any) -> None:
    """Delete or replace one of the nodes of a payload, counted in reading order."""
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


def button(world: World) -> dict[str, Any]:
    """The one on the card, to tamper with."""
    [pressed] = (it for it in world.card.blocks or [] if it["type"] == "actions")
    found: dict[str, Any] = pressed["elements"][0]
    return found


async def opens_a_full_form(world: World) -> None:
    await world.ana.types("/escalate Nobody can log in", channel=SUPPORT)
    await world.ana.fills({"Customer": "Acme", "Why does it need a manager?": ["Risk"]})
