"""Ana hears how her case ended, and says whether it helped."""

from bot.case.event import EventKind
from handlers.sandbox import Person
from tests.handlers.actions import SOLVED, is_claimed, kinds
from tests.world import SUPPORT, World


async def is_solved(world: World) -> None:
    await is_claimed(world)
    await is_resolved(world)


async def is_resolved(world: World) -> None:
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.settle()


async def test_the_reporter_hears_what_was_learned_and_says_that_it_helped(world: World) -> None:
    await is_solved(world)
    told = world.ana.dms()[-1]
    assert all(said in told.text for said in SOLVED.values())
    await world.ana.presses("It helped", on=told)
    await world.ana.presses("It helped", on=told)
    await world.settle()
    assert "says that it helped" in world.maya.dms()[-1].text
    assert (await kinds(world)).count(EventKind.HELPED) == 1
    assert len(world.cards()) == 1


async def test_where_it_did_not_help_the_case_is_reopened_from_there(quick_world: World) -> None:
    world = quick_world
    await is_solved(world)
    await world.ana.presses("It did not", on=world.ana.dms()[-1])
    await world.ana.submits(Why_is_it_not_over="It happens again")
    await world.settle()
    assert (await kinds(world))[-2:] == [EventKind.NOT_HELPED, EventKind.REOPENED]
    assert "It is yours again" in world.maya.dms()[-1].text
    await world.ana.presses("It helped", on=world.ana.dms()[-1])
    assert "ESC-1 is open again" in world.ana.ephemerals[-1]


async def test_after_some_days_it_goes_on_in_a_new_case_that_begins_with_what_was_known(
    quick_world: World,
) -> None:
    world = quick_world
    await is_solved(world)
    told = world.ana.dms()[-1]
    await world.later(days=8)
    await world.ana.presses("It did not", on=told)
    assert (await kinds(world))[-1] is EventKind.NOT_HELPED
    await world.ana.submits(What_does_the_customer_want="That it stays so")
    await world.settle()
    new = await world.case(2)
    old = await world.case(1)
    assert (new.follows, old.continued_in) == (1, 2)
    assert (new.customer, new.priority, new.reasons) == (old.customer, old.priority, old.reasons)
    await world.ana.presses("It did not", on=told)
    said = (
        "I am sorry to hear it, and have noted it. ESC-1 continues in ESC-2. See it: /baton ESC-2"
    )
    assert said in world.ana.ephemerals[-1]


async def is_followed(world: World) -> Person:
    """By Zoe, in place of a case of her own; and Maya has it."""
    world.slack.workspace.add_person("U0ZOE", "zoe", "Zoe", tz="Europe/Berlin")
    world.slack.workspace.channel(SUPPORT).members.append("U0ZOE")
    zoe = world.slack.person("U0ZOE")
    await is_claimed(world)
    await zoe.types("/escalate Nobody can log in", channel=SUPPORT)
    await zoe.submits(Customer="Acme", Why_does_it_need_a_manager=["Risk"])
    await zoe.presses("Follow ESC-1 instead")
    await zoe.closes()
    return zoe


async def test_whoever_follows_a_case_in_place_of_their_own_may_say_that_it_is_not_over(
    quick_world: World,
) -> None:
    world = quick_world
    zoe = await is_followed(world)
    await is_resolved(world)
    await zoe.presses("It did not", on=zoe.dms()[-1])
    await zoe.submits(Why_is_it_not_over="Not for us")
    await world.settle()
    assert (await kinds(world))[-1] is EventKind.REOPENED
    assert "<@U0ZOE> reopened your case" in world.ana.dms()[-1].text


async def test_that_a_follower_may_not_go_on_with_a_restricted_case_is_on_record(
    quick_world: World,
) -> None:
    world = quick_world
    zoe = await is_followed(world)
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Edit")
    await world.maya.submits(Who_may_read_it=["Only for the few who need it"])
    await is_resolved(world)
    await zoe.presses("It did not", on=zoe.dms()[-1])
    assert zoe.ephemerals[-1].startswith(
        "I am sorry to hear it, and have noted it. ESC-1 is restricted."
    )
    assert (await kinds(world))[-1] is EventKind.NOT_HELPED
    await world.leo.types("/baton history 1", channel=SUPPORT)
    assert "<@U0ZOE> was not allowed to reopen" in world.leo.ephemerals[-1]


async def test_only_who_waited_for_it_says_so(quick_world: World) -> None:
    world = quick_world
    await is_solved(world)
    await world.ben.presses("It helped", on=world.ana.dms()[-1])
    assert "Only the people who waited" in world.ben.ephemerals[-1]
