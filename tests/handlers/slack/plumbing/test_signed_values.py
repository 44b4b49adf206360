"""What comes back from Slack is what we sent: forged, swapped or stale, it does nothing."""

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
def test_what_was_sealed_comes_back_as_it_was(value: str, purpose: str) -> None:
    assert OURS.verify(OURS.sign(value, purpose), purpose) == value


@given(value=VALUES, purpose=PURPOSES, other=VALUES, elsewhere=PURPOSES)
def test_a_seal_is_for_one_value_one_purpose_and_one_workspace(
    value: str, purpose: str, other: str, elsewhere: str
) -> None:
    sealed = OURS.sign(value, purpose)
    with pytest.raises(Forged):
        THEIRS.verify(sealed, purpose)
    if elsewhere != purpose:
        with pytest.raises(Forged):
            OURS.verify(sealed, elsewhere)
    if other != value:
        with pytest.raises(Forged):
            OURS.verify(f"{other}.{sealed[len(value) + 1 :]}", purpose)


@given(sealed=st.text(max_size=100), purpose=PURPOSES)
def test_whatever_else_comes_is_a_forgery(sealed: str, purpose: str) -> None:
    with pytest.raises(Forged):
        OURS.verify(sealed, purpose)


def test_a_seal_lasts_for_so_many_days_and_no_longer() -> None:
    clock = Clock(MONDAY_9AM)
    signer = ValueSigner(b"ours", clock)
    sealed = signer.sign("42", Button.CLAIM)
    clock.wind(timedelta(days=VALID_DAYS))
    assert signer.verify(sealed, Button.CLAIM) == "42"
    clock.wind(timedelta(days=1))
    with pytest.raises(OutOfDate):
        signer.verify(sealed, Button.CLAIM)


async def test_everything_that_comes_back_has_a_seal_within_slacks_limits(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.types("/baton", channel=SUPPORT)
    await world.maya.opens_home()
    await world.settle()
    assert world.maya.home is not None
    shown = [world.card.blocks, world.maya.sees(SUPPORT)[-1].blocks, world.maya.home.view]
    found = [one for place in shown for one in references(place)]
    assert len(found) >= 5
    for value, longest in found:
        assert value.count(".") >= 2
        assert len(value) <= longest


def references(thing: Any) -> list[tuple[str, int]]:
    """Each value of a button or of a menu's option, and how long it may be."""
    if isinstance(thing, list):
        return [one for each in thing for one in references(each)]
    if not isinstance(thing, dict):
        return []
    inside = [one for each in thing.values() for one in references(each)]
    if thing.get("type") == "button":
        return [*inside, (thing["value"], 150)]
    if thing.get("type") == "overflow":
        return [*inside, *((each["value"], 75) for each in thing["options"])]
    return inside


@pytest.mark.parametrize("value", ["1", "", "1.20000.AAAAAAAAAAAAAAAA", "1..", "\x00", "9" * 2000])
async def test_a_forged_press_does_nothing_and_is_counted(endpoint: Endpoint, value: str) -> None:
    world = endpoint.world
    await world.escalates(world.ana)
    world.card.blocks[-1]["elements"][0]["value"] = value  # type: ignore[index]  # it has some
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    assert "Baton did not send this button" in world.maya.ephemerals[-1]
    assert (await world.case()).status is Status.OPEN
    links = await world.store.of(WORKSPACE).read(lambda tx: tx.audit.after(0))
    assert (links[-1].entry.step, links[-1].entry.decision) == ("forged", Decision.DENIED)


async def test_a_press_cannot_be_made_of_another_button(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    claim, decline = world.card.blocks[-1]["elements"][:2]  # type: ignore[index]  # it has them
    claim["value"] = decline["value"]
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    assert "Baton did not send this button" in world.maya.ephemerals[-1]


async def test_a_form_of_another_workspace_or_case_is_refused(quick_world: World) -> None:
    world, theirs = quick_world, ValueSigner(b"theirs", quick_world.clock)
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    await world.maya.presses("Update", on=world.card)
    assert world.maya.modal is not None
    world.maya.modal.view["private_metadata"] = theirs.sign("1", Form.UPDATE)
    await world.maya.fills({"In a few words": "They wait"})
    await world.maya.submits()
    assert "Baton did not send this button" in world.maya.errors["What is new?"]


async def test_a_press_on_yesterdays_card_works_while_its_step_makes_sense(
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
    assert refused == "<@U0BEN> already claimed ESC-1. Ask them or a lead if you need it."
    assert refreshed == "refreshed the card."
    edits = len(world.slack.calls.to("chat.update"))
    await world.maya.presses("Claim", on=old)
    await world.settle()
    assert len(world.slack.calls.to("chat.update")) == edits + 1
    assert world.cards()[0].ts == old.ts


async def test_a_press_on_a_card_that_is_out_of_date_refreshes_it(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    old = copy.deepcopy(world.card)
    world.clock.wind(timedelta(days=VALID_DAYS + 1))
    await world.maya.presses("Claim", on=old)
    await world.settle()
    assert "This card was out of date; I've refreshed it." in world.maya.ephemerals
    assert (await world.case()).owner is None
    await world.maya.presses("Claim", on=world.cards()[0])
    await world.settle()
    assert (await world.case()).owner == "U0MAYA"


async def test_a_request_that_slack_signed_for_another_workspace_reads_nothing(
    endpoint: Endpoint,
) -> None:
    kind, payload = recorded("claim_button")
    payload["team"]["id"] = "T0OTHER"
    await endpoint.world.escalates(endpoint.world.ana)
    await endpoint.receives_request(kind, payload)
    await endpoint.world.settle()
    assert (await endpoint.world.case()).owner is None
