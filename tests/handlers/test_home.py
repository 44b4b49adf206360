"""The Home tab: what somebody has, and what nobody has."""

from tests.world import World


def shown(world: World) -> str:
    assert world.maya.home is not None
    return str(world.maya.home.view)


async def test_the_home_tab_shows_a_manager_what_nobody_has_and_what_they_have(
    world: World,
) -> None:
    await world.escalates(world.ana, Customer="Globex")
    await world.escalates(world.ana, Customer="Acme")
    await world.maya.types("/baton claim 2", channel="C0SUPPORT")
    await world.maya.opens_home()
    await world.settle()
    assert "*You have*" in shown(world)
    assert "*Nobody has*" in shown(world)
    await world.maya.presses("Claim", on=world.maya.home)
    await world.settle()
    assert (await world.case(1)).owner == "U0MAYA"


async def test_an_empty_home_tab_leads_to_the_form(quick_world: World) -> None:
    world = quick_world
    await world.ana.opens_home()
    await world.settle()
    assert world.ana.home is not None
    assert "Nothing waits for you" in str(world.ana.home.view)
    await world.ana.presses("Escalate a case", on=world.ana.home)
    assert world.ana.modal is not None


async def test_the_home_tab_shows_the_newest_state_each_time_it_is_opened(
    quick_world: World,
) -> None:
    world = quick_world
    await world.maya.opens_home()
    await world.settle()
    await world.escalates(world.ana)
    await world.maya.opens_home()
    await world.settle()
    assert "*Nobody has*" in shown(world)


async def test_the_home_tab_follows_a_claim_that_is_made_on_it(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.opens_home()
    await world.settle()
    await world.maya.presses("Claim", on=world.maya.home)
    await world.settle()
    assert "*You have*" in shown(world)
    assert "*Nobody has*" not in shown(world)
