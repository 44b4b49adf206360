"""What the board shows about time."""

from datetime import timedelta

from tests.handlers.actions import escalates_and_claims
from tests.world import SUPPORT, World


async def test_the_board_marks_a_case_once_half_of_its_time_is_gone(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.types("/baton", channel=SUPPORT)
    assert ":hourglass:" not in world.maya.ephemerals[-1]
    world.clock.advance(timedelta(minutes=8))
    await world.maya.types("/baton", channel=SUPPORT)
    assert ":hourglass: claim due in 6 min" in world.maya.ephemerals[-1]


async def test_the_board_shows_that_a_wait_has_ended(quick_world: World) -> None:
    world = quick_world
    await escalates_and_claims(world)
    until = int((world.clock() + timedelta(minutes=30)).timestamp())
    await world.maya.presses("Wait", on=world.card)
    await world.maya.fills({"Until": until, "What has to happen?": "A form"})
    await world.maya.submits()
    await world.later(minutes=31)
    await world.maya.types("/baton", channel=SUPPORT)
    assert "<@U0MAYA>, no longer waiting for the customer" in world.maya.ephemerals[-1]
