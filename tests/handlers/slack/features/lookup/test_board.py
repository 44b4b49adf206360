"""What the board and the digest show of time, and nobody is nudged about."""

from datetime import timedelta

from tests.handlers.actions import is_claimed
from tests.world import SUPPORT, World


async def test_rule_24_when_half_of_the_time_is_gone_a_mark_says_so(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.types("/baton", channel=SUPPORT)
    assert ":hourglass:" not in world.maya.ephemerals[-1]
    world.clock.wind(timedelta(minutes=8))
    await world.maya.types("/baton", channel=SUPPORT)
    assert ":hourglass: 6 min left for the claim" in world.maya.ephemerals[-1]


async def test_rule_21_a_case_that_waits_longer_than_it_was_to_is_shown(quick_world: World) -> None:
    world = quick_world
    await is_claimed(world)
    until = int((world.clock() + timedelta(minutes=30)).timestamp())
    await world.maya.presses("Wait", on=world.card)
    await world.maya.fills({"Until when, at the latest?": until, "What has to happen?": "A form"})
    await world.maya.submits()
    await world.later(minutes=31)
    await world.maya.types("/baton", channel=SUPPORT)
    assert "waits on the customer longer than it was to" in world.maya.ephemerals[-1]
