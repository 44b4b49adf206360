"""Feedback on the outcome: it helped, or the case is reopened or continued."""

from bot.case.event import EventKind
from handlers.sandbox import Person
from tests.handlers.actions import SOLVED, escalates_and_claims, kinds
from tests.world import SUPPORT, World


async def is_claimed_and_resolved(world: World) -> None:
    await escalates_and_claims(world)
    await is_resolved(world)


async def is_resolved(world: World) -> None:
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.settle()


async def test_the_reporter_gets_the_resolution_and_says_that_it_helped(world: World) -> None:
    await is_claimed_and_resolved(world)
    outcome = world.ana.dms()[-1]
    assert all(text in outcome.text for text in SOLVED.values())
    for _ in range(2):
        await world.ana.presses("It helped", on=outcome)
    await world.settle()
    assert "says that your resolution of *ESC-1* (Acme) helped" in world.maya.dms()[-1].text
    assert (await kinds(world)).count(EventKind.HELPED) == 1
    assert len(world.cards()) == 1


async def test_a_reporter_reopens_the_case_from_the_message_if_it_did_not_help(
    quick_world: World,
) -> None:
    world = quick_world
    await is_claimed_and_resolved(world)
    await world.ana.presses("It did not", on=world.ana.dms()[-1])
    await world.ana.submits(Why_does_it_need_more_work="It happens again")
    await world.settle()
    assert (await kinds(world))[-2:] == [EventKind.NOT_HELPED, EventKind.REOPENED]
    assert "It is yours again" in world.maya.dms()[-1].text
    await world.ana.presses("It helped", on=world.ana.dms()[-1])
    assert "ESC-1 is open again" in world.ana.ephemerals[-1]


async def test_after_some_days_a_new_case_with_the_old_facts_continues_it(
    quick_world: World,
) -> None:
    world = quick_world
    await is_claimed_and_resolved(world)
    outcome = world.ana.dms()[-1]
    await world.later(days=8)
    await world.ana.presses("It did not", on=outcome)
    assert (await kinds(world))[-1] is EventKind.NOT_HELPED
    await world.ana.submits(What_does_the_customer_want="That it stays so")
    await world.settle()
    new = await world.case(2)
    old = await world.case(1)
    assert (new.follows, old.continued_in) == (1, 2)
    assert (new.customer, new.priority, new.reasons) == (old.customer, old.priority, old.reasons)
    await world.ana.presses("It did not", on=outcome)
    reply = "Sorry to hear that; I've noted it. ESC-1 continues in ESC-2. See it: /baton ESC-2"
    assert reply in world.ana.ephemerals[-1]


async def is_followed(world: World) -> Person:
    """Let Maya claim Ana's case, and Zoe follow it instead of opening her own."""
    world.slack.workspace.add_person("U0ZOE", "zoe", "Zoe", tz="Europe/Berlin")
    world.slack.workspace.channel(SUPPORT).members.append("U0ZOE")
    await world.reads_people()
    zoe = world.slack.person("U0ZOE")
    await escalates_and_claims(world)
    await zoe.types("/escalate Nobody can log in", channel=SUPPORT)
    await zoe.submits(Customer="Acme", Why_does_it_need_a_manager=["Risk"])
    await zoe.presses("Follow ESC-1 instead")
    await zoe.closes()
    return zoe


async def test_a_follower_may_reopen_a_case_that_is_not_solved_for_them(quick_world: World) -> None:
    world = quick_world
    zoe = await is_followed(world)
    await is_resolved(world)
    await zoe.presses("It did not", on=zoe.dms()[-1])
    await zoe.submits(Why_does_it_need_more_work="Not for us")
    await world.settle()
    assert (await kinds(world))[-1] is EventKind.REOPENED
    assert "<@U0ZOE> reopened your case" in world.ana.dms()[-1].text


async def test_a_follower_may_not_reopen_a_restricted_case_and_the_denial_is_audited(
    quick_world: World,
) -> None:
    world = quick_world
    zoe = await is_followed(world)
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Edit")
    await world.maya.submits(Who_may_read_it=["Restricted to owner, reporter and leads"])
    await is_resolved(world)
    await zoe.presses("It did not", on=zoe.dms()[-1])
    assert zoe.ephemerals[-1].startswith("Sorry to hear that; I've noted it. ESC-1 is restricted.")
    assert (await kinds(world))[-1] is EventKind.NOT_HELPED
    await world.leo.types("/baton history 1", channel=SUPPORT)
    assert "*reopen* denied to <@U0ZOE>" in world.leo.ephemerals[-1]


async def test_only_people_who_waited_for_the_case_may_say_whether_it_helped(
    quick_world: World,
) -> None:
    world = quick_world
    await is_claimed_and_resolved(world)
    await world.ben.presses("It helped", on=world.ana.dms()[-1])
    assert "Only the reporter and the followers" in world.ben.ephemerals[-1]
