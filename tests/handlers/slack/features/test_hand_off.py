"""Maya hands her case to Ben: a form, two buttons, and time."""

from handlers.sandbox import Message
from tests.builders import berlin
from tests.handlers.actions import is_claimed
from tests.world import World


async def hands_off(world: World, *, to: str = "Ben") -> None:
    await world.maya.presses("Hand off", on=world.card)
    await world.maya.fills(
        {"Who takes it over?": to, "What should they know?": "They want a call at noon"}
    )
    await world.maya.submits()
    await world.settle()


def last(messages: list[Message]) -> str:
    return messages[-1].text


async def test_a_case_is_handed_off_with_one_form_and_accepted_with_one_press(
    world: World,
) -> None:
    await is_claimed(world)
    await hands_off(world)
    assert "Handing off to <@U0BEN>" in world.card.text
    asked = world.ben.dms()[-1]
    assert "<@U0MAYA> asks you to take over *ESC-1* (Acme)" in asked.text
    assert "They want a call at noon" in asked.text

    await world.ben.presses("Accept", on=asked)
    await world.ben.presses("Accept", on=asked)
    await world.settle()
    assert "<@U0BEN> has it." in world.card.text
    assert "Handing off" not in world.card.text
    assert "<@U0BEN> has taken over *ESC-1*" in last(world.maya.dms())
    assert "<@U0BEN> has your case" in last(world.ana.dms())
    assert len(world.cards()) == 1


async def test_a_case_that_is_declined_stays_with_its_owner(quick_world: World) -> None:
    world = quick_world
    await is_claimed(world)
    await hands_off(world)
    asked = world.ben.dms()[-1]
    await world.ben.presses("Decline", on=asked)
    await world.settle()
    assert "is still yours" in last(world.maya.dms())
    await world.ben.presses("Accept", on=asked)
    assert "to you has ended: <@U0MAYA> owns it." in world.ben.ephemerals[-1]
    assert (await world.case()).owner == "U0MAYA"


async def test_a_case_that_nobody_accepts_in_time_returns_and_both_hear_of_it(
    quick_world: World,
) -> None:
    world = quick_world
    await is_claimed(world)
    await hands_off(world)
    await world.until(berlin("2026-03-02 09:31"))
    assert "did not answer in time" in last(world.maya.dms())
    assert "Nothing is left to do" in last(world.ben.dms())
    assert "Handing off" not in world.card.text


async def test_who_may_not_have_a_case_is_told_under_the_field(quick_world: World) -> None:
    world = quick_world
    await is_claimed(world)
    await hands_off(world, to="Ana")
    assert world.maya.errors == {
        "Who takes it over?": "Only managers and leads of Support can have its cases. "
        "Choose one of them."
    }
    await world.maya.fills({"Who takes it over?": "Ben"})
    await world.maya.submits(times=2)
    await world.settle()
    assert len(world.ben.dms()) == 1
