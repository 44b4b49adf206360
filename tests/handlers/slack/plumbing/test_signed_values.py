"""Slack must return the values that Baton signed: forged, swapped or expired ones do nothing."""

import copy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.audit import Decision
from bot.case import Status
from handlers.sandbox import Clock
from handlers.slack.ids import Button, Form
from handlers.slack.plumbing.signed_values import VALID_DAYS, Forged, OutOfDate, ValueSigner
from tests.handlers.http.endpoint import Endpoint, recorded
from tests.world import MONDAY_9AM, SUPPORT, WORKSPACE, World

OURS, THEIRS = (ValueSigner(key, Clock(MONDAY_9AM)) for key in (b"ours", b"theirs"))
VALUES, PURPOSES = st.text(max_size=60), st.sampled_from([*Button, *Form])


@given(value=VALUES, purpose=PURPOSES)
def test_a_signed_value_is_returned_unchanged(value: str, purpose: str) -> None:
    assert OURS.verify(OURS.sign(value, purpose), purpose) == value


@given(value=VALUES, purpose=PURPOSES, other=VALUES, elsewhere=PURPOSES)
def test_a_signature_is_valid_for_one_value_one_purpose_and_one_workspace(
    value: str, purpose: str, other: str, elsewhere: str
) -> None:
    signed = OURS.sign(value, purpose)
    with pytest.raises(Forged):
        THEIRS.verify(signed, purpose)
    if elsewhere != purpose:
        with pytest.raises(Forged):
            OURS.verify(signed, elsewhere)
    if other != value:
        with pytest.raises(Forged):
            OURS.verify(f"{other}.{signed[len(value) + 1 :]}", purpose)


@given(signed=st.text(max_size=100), purpose=PURPOSES)
def test_any_other_text_is_a_forgery(signed: str, purpose: str) -> None:
    with pytest.raises(Forged):
        OURS.verify(signed, purpose)


def test_a_signature_expires_after_its_valid_days() -> None:
    clock = Clock(MONDAY_9AM)
    signer = ValueSigner(b"ours", clock)
    signed = signer.sign("42", Button.CLAIM)
    clock.advance(timedelta(days=VALID_DAYS))
    assert signer.verify(signed, Button.CLAIM) == "42"
    clock.advance(timedelta(days=1))
    with pytest.raises(OutOfDate):
        signer.verify(signed, Button.CLAIM)


async def test_every_value_that_slack_returns_is_signed_and_short(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.types("/baton", channel=SUPPORT)
    await world.maya.opens_home()
    await world.settle()
    assert world.maya.home is not None
    places = [world.card.blocks, world.maya.sees(SUPPORT)[-1].blocks, world.maya.home.view]
    found = [value for place in places for value in values_in(place)]
    assert len(found) >= 5
    for value, limit in found:
        assert value.count(".") >= 2
        assert len(value) <= limit


def values_in(thing: Any) -> list[tuple[str, int]]:
    """Return each value of a button or menu option with the length that Baton allows it.

    Slack itself accepts 2,000 characters for a button and 150 for an option.
    """
    if isinstance(thing, list):
        return [value for each in thing for value in values_in(each)]
    if not isinstance(thing, dict):
        return []
    inside = [value for each in thing.values() for value in values_in(each)]
    if thing.get("type") == "button":
        return [*inside, (thing["value"], 150)]
    if thing.get("type") == "overflow":
        return [*inside, *((each["value"], 75) for each in thing["options"])]
    return inside


@pytest.mark.parametrize("value", ["1", "", "1.20000.AAAAAAAAAAAAAAAA", "1..", "\x00", "9" * 2000])
async def test_a_forged_button_value_does_nothing_and_is_recorded(
    endpoint: Endpoint, value: str
) -> None:
    world = endpoint.world
    await world.escalates(world.ana)
    world.card.blocks[-1]["elements"][0]["value"] = value  # type: ignore[index]  # a card has buttons
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    assert "Baton did not send this button or form" in world.maya.ephemerals[-1]
    assert (await world.case()).status is Status.OPEN
    links = await world.store.of(WORKSPACE).read(lambda tx: tx.audit.after(0))
    assert (links[-1].entry.step, links[-1].entry.decision) == ("forged", Decision.DENIED)


async def test_the_value_of_one_button_does_not_work_on_another(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    claim, decline = world.card.blocks[-1]["elements"][:2]  # type: ignore[index]  # a card has buttons
    claim["value"] = decline["value"]
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    assert "Baton did not send this button or form" in world.maya.ephemerals[-1]


async def test_a_form_signed_for_another_workspace_is_refused(quick_world: World) -> None:
    world, other_signer = quick_world, ValueSigner(b"theirs", quick_world.clock)
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    await world.maya.presses("Update", on=world.card)
    assert world.maya.modal is not None
    world.maya.modal.view["private_metadata"] = other_signer.sign("1", Form.UPDATE)
    await world.maya.fills({"Details": "They wait"})
    await world.maya.submits()
    assert "Baton did not send this button or form" in world.maya.errors["What is new?"]


async def test_a_press_on_yesterdays_card_is_checked_against_the_case_as_it_is_now(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    old = copy.deepcopy(world.card)
    await world.ben.presses("Claim", on=world.card)
    await world.later(days=1)
    await world.maya.presses("Claim", on=old)
    await world.settle()
    refused, refreshed = world.maya.ephemerals[-1].split(" I've ")
    assert refused == "<@U0BEN> already claimed ESC-1. To take over, ask them or a lead."
    assert refreshed == "refreshed the card."
    edits = len(world.slack.calls.to("chat.update"))
    await world.maya.presses("Claim", on=old)
    await world.settle()
    assert len(world.slack.calls.to("chat.update")) == edits + 1
    assert world.cards()[0].ts == old.ts


async def test_a_press_on_an_expired_button_refreshes_the_card(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    old = copy.deepcopy(world.card)
    world.clock.advance(timedelta(days=VALID_DAYS + 1))
    await world.maya.presses("Claim", on=old)
    await world.settle()
    assert "This card was out of date; I've refreshed it." in world.maya.ephemerals
    assert (await world.case()).owner is None
    await world.maya.presses("Claim", on=world.cards()[0])
    await world.settle()
    assert (await world.case()).owner == "U0MAYA"


async def test_a_signed_request_for_another_workspace_changes_nothing(
    endpoint: Endpoint,
) -> None:
    kind, payload = recorded("claim_button")
    payload["team"]["id"] = "T0OTHER"
    await endpoint.world.escalates(endpoint.world.ana)
    await endpoint.receives_request(kind, payload)
    await endpoint.world.settle()
    assert (await endpoint.world.case()).owner is None
