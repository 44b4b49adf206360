"""The Home tab: a person's own cases, unclaimed ones and those they wait for."""

from bot.people import CaseId, UserId
from storage import Transaction
from tests.handlers.actions import SOLVED, escalates_and_claims
from tests.world import SUPPORT, World


def shown(world: World) -> str:
    assert world.maya.home is not None
    return str(world.maya.home.view)


async def test_the_home_tab_shows_a_manager_their_own_and_the_unclaimed_cases(world: World) -> None:
    await world.escalates(world.ana, Customer="Globex")
    await world.escalates(world.ana, Customer="Acme")
    await world.maya.types("/baton claim 2", channel=SUPPORT)
    await world.maya.opens_home()
    await world.settle()
    assert "*You own*" in shown(world)
    assert "*Unclaimed*" in shown(world)
    await world.maya.presses("Claim", on=world.maya.home)
    await world.settle()
    assert (await world.case(1)).owner == "U0MAYA"


async def test_an_empty_home_tab_leads_to_the_form(quick_world: World) -> None:
    world = quick_world
    await world.ana.opens_home()
    await world.settle()
    assert world.ana.home is not None
    assert "Nothing is waiting for you" in str(world.ana.home.view)
    await world.ana.presses("Escalate a case", on=world.ana.home)
    assert world.ana.modal is not None


async def test_a_reporter_is_not_offered_to_claim_their_own_case(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.ana.opens_home()
    await world.settle()
    assert world.ana.home is not None
    assert "*You escalated*" in str(world.ana.home.view)
    assert world.ana.can_press(world.ana.home) == ["Escalate a case"]
    await world.ana.types("/baton mine", channel=SUPPORT)
    assert world.ana.can_press(world.ana.sees(SUPPORT)[-1]) == []
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    await world.maya.types("/baton mine", channel=SUPPORT)
    assert world.maya.can_press(world.maya.sees(SUPPORT)[-1]) == ["Update"]


async def test_the_home_tab_is_refreshed_each_time_it_is_opened(quick_world: World) -> None:
    world = quick_world
    await world.maya.opens_home()
    await world.settle()
    await world.escalates(world.ana)
    await world.maya.opens_home()
    await world.settle()
    assert "*Unclaimed*" in shown(world)


async def test_the_home_tab_is_refreshed_after_a_claim_on_it(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.opens_home()
    await world.settle()
    await world.maya.presses("Claim", on=world.maya.home)
    await world.settle()
    assert "*You own*" in shown(world)
    assert "*Unclaimed*" not in shown(world)


async def test_the_home_tab_of_a_former_owner_drops_the_case(quick_world: World) -> None:
    world = quick_world
    await escalates_and_claims(world)
    await world.maya.opens_home()
    await world.settle()
    assert "*You own*" in shown(world)
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Release")
    await world.maya.fills({"What should the next owner know?": "They prefer a call"})
    await world.maya.submits()
    await world.settle()
    assert "*You own*" not in shown(world)


async def test_the_home_tab_of_a_new_owner_gains_the_case(quick_world: World) -> None:
    world = quick_world
    await escalates_and_claims(world)
    await world.ben.opens_home()
    await world.settle()
    assert world.ben.home is not None
    assert "*You own*" not in str(world.ben.home.view)
    workspace = world.store.of(world.baton.installation.workspace)
    await workspace.run(assign_to_ben)
    await world.settle()
    assert "*You own*" in str(world.ben.home.view)


def assign_to_ben(tx: Transaction) -> None:
    tx.cases.get(CaseId(1)).assign(UserId("U0BEN"), at=tx.now)


async def test_a_hand_off_moves_the_case_to_the_new_owners_home_tab(quick_world: World) -> None:
    world, maya, ben = quick_world, quick_world.maya, quick_world.ben
    await escalates_and_claims(world)
    for person in (maya, ben):
        await person.opens_home()
    await maya.presses("Hand off", on=world.card)
    await maya.submits(New_owner="Ben", What_should_they_know="They want a call")
    await world.settle()
    assert "*You own*" in str(maya.home)
    await ben.presses("Accept", on=ben.dms()[-1])
    await world.settle()
    assert "*You own*" not in str(maya.home)
    assert "*You own*" in str(ben.home)


async def test_the_home_tab_of_the_owner_drops_a_resolved_case(quick_world: World) -> None:
    world = quick_world
    await escalates_and_claims(world)
    await world.maya.opens_home()
    await world.settle()
    assert "*You own*" in shown(world)
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.settle()
    assert "*You own*" not in shown(world)


async def test_the_home_tab_lists_each_case_once_in_its_most_important_list(
    quick_world: World,
) -> None:
    world = quick_world
    for customer in ("Mine", "Waits", "Late", "Free"):
        await world.escalates(world.ana, Customer=customer)
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    await world.ben.types("/baton claim 2", channel=SUPPORT)
    await world.settle()
    await world.ben.presses("Wait", on=world.cards()[1])
    await world.ben.fills({"What has to happen?": "They call back"})
    await world.ben.submits()
    await world.maya.opens_home()
    await world.settle()
    lists = shown(world)
    places = [lists.index(word) for word in ("*You own*", "Mine", "*Unclaimed*", "Late")]
    places += [lists.index(word) for word in ("*Waiting*", "Waits")]
    assert places == sorted(places)
    assert lists.count("Waits") == 1
    assert world.maya.can_press(world.maya.home)[0] == "Update"
    await world.maya.presses("Update", on=world.maya.home)
    assert world.maya.modal is not None


async def test_the_home_tab_of_a_manager_who_became_a_guest_is_empty(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.slack.changes_person("U0MAYA", guest=True)
    await world.maya.opens_home()
    await world.settle()
    assert "Acme" not in shown(world)


async def test_a_reporter_who_became_a_guest_gets_no_more_direct_messages(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.slack.changes_person("U0ANA", guest=True)
    before = dms_sent_to(world, "U0ANA")
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    await world.settle()
    assert dms_sent_to(world, "U0ANA") == before == 1


def dms_sent_to(world: World, user: str) -> int:
    calls = world.slack.calls.to("chat.postMessage")
    return len([call for call in calls if call.args["channel"] == user])
