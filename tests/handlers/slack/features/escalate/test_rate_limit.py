"""A reporter over the rate limit is asked to wait and keeps the form."""

from datetime import timedelta

from tests.handlers.actions import fills_escalation_form
from tests.world import World


async def test_the_eleventh_form_in_a_minute_stays_open_and_is_accepted_later(
    quick_world: World,
) -> None:
    world, ana = quick_world, quick_world.ana
    for number in range(11):
        await fills_escalation_form(world)
        await ana.fills({"What happened?": f"It is broken, {number}"})
        await ana.submits()
    assert "The limit is 10 new cases" in ana.errors["Customer"]
    assert ana.modal is not None
    assert "It is broken, 10" in str(ana.modal.values())
    world.clock.advance(timedelta(minutes=1))
    await ana.submits()
    assert ana.modal is None
    assert (await world.case(11)).summary == "It is broken, 10"
