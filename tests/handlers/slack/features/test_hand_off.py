"""Handing off a case: accepted, declined, expired, or to a person who may not own it."""

from handlers.sandbox import Message
from tests.builders import berlin
from tests.handlers.actions import escalates_and_claims
from tests.world import World


async def hands_off(world: World, *, to: str = "Ben") -> None:
    await world.maya.presses("Hand off", on=world.card)
    await world.maya.fills({"New owner": to, "What should they know?": "They want a call at noon"})
    await world.maya.submits()
    await world.settle()


def last(messages: list[Message]) -> str:
    return messages[-1].text


async def test_a_hand_off_takes_one_form_and_one_press_to_accept(world: World) -> None:
    await escalates_and_claims(world)
    await hands_off(world)
    assert "Hand-off to <@U0BEN> pending until" in world.card.text
    request = world.ben.dms()[-1]
    assert "<@U0MAYA> asks you to take over *ESC-1* (Acme)" in request.text
    assert "They want a call at noon" in request.text

    await world.ben.presses("Accept", on=request)
    await world.ben.presses("Accept", on=request)
    await world.settle()
    assert "Owner: <@U0BEN>" in world.card.text
    assert "Hand-off" not in world.card.text
    assert "<@U0BEN> took over *ESC-1*" in last(world.maya.dms())
    assert "<@U0BEN> took over your case" in last(world.ana.dms())
    assert len(world.cards()) == 1


async def test_a_case_stays_with_its_owner_if_the_hand_off_is_declined(quick_world: World) -> None:
    world = quick_world
    await escalates_and_claims(world)
    await hands_off(world)
    request = world.ben.dms()[-1]
    await world.ben.presses("Decline", on=request)
    await world.settle()
    assert "so it stays with you" in last(world.maya.dms())
    await world.ben.presses("Accept", on=request)
    assert "to you has ended: <@U0MAYA> owns it." in world.ben.ephemerals[-1]
    assert (await world.case()).owner == "U0MAYA"


async def test_an_expired_hand_off_leaves_the_owner_and_notifies_both(quick_world: World) -> None:
    world = quick_world
    await escalates_and_claims(world)
    await hands_off(world)
    await world.until(berlin("2026-03-02 09:31"))
    assert "No reply from <@U0BEN>" in last(world.maya.dms())
    assert "you don't need to do anything" in last(world.ben.dms())
    assert "Hand-off" not in world.card.text


async def test_a_person_who_may_not_own_cases_is_rejected_under_the_field(
    quick_world: World,
) -> None:
    world = quick_world
    await escalates_and_claims(world)
    await hands_off(world, to="Ana")
    assert world.maya.errors == {
        "New owner": "Only managers and leads of Support can own its cases. Choose one of them."
    }
    await world.maya.fills({"New owner": "Ben"})
    await world.maya.submits(times=2)
    await world.settle()
    assert len(world.ben.dms()) == 1
