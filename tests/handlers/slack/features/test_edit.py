"""People correct what a case says, alone and two at once."""

from handlers.sandbox import Person
from tests.world import SUPPORT, World


async def opens_edit(world: World, who: Person) -> None:
    await who.presses("More", on=world.card)
    await who.presses("Edit")


async def test_an_edit_is_prefilled_and_its_thread_says_what_changed(world: World) -> None:
    await world.escalates(world.ana, Category="Outage")
    await opens_edit(world, world.maya)
    await world.maya.submits(
        Customer="Acme <Ltd>",
        Source="Phone",
        How_are_they="Angry",
        What_is_at_stake=["Public complaint", "Churn risk"],
    )
    await world.settle()
    card = world.card.text
    for part in ("ESC-1 · Acme &lt;Ltd&gt;", "Outage", "Phone", "Angry", "Complained in public"):
        assert part in card
    told = world.maya.thread(world.card)[-1].text
    assert "<@U0MAYA> changed what ESC-1 says" in told
    assert "Customer: Acme → Acme &lt;Ltd&gt;" in told
    assert len(world.cards()) == 1


async def test_of_two_at_once_the_second_is_told_and_keeps_what_they_typed(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await opens_edit(world, world.maya)
    await opens_edit(world, world.ana)
    await world.maya.submits(Category="Billing", What_does_the_customer_want="Money back")
    await world.ana.submits(Category="Outage", times=2)
    assert world.ana.modal is not None
    assert "Changed while you were typing" in world.ana.modal.words
    assert "<@U0MAYA>: Category: Billing" in world.ana.modal.words
    await world.ana.submits()
    assert world.ana.modal is None
    case = await world.case()
    assert (case.category, case.wish) == ("Outage", "Money back")


async def test_a_story_too_long_for_the_form_is_kept_whole(quick_world: World) -> None:
    world = quick_world
    story = "We tried everything. " * 300
    await world.ana.types(f"/escalate {story}", channel=SUPPORT)
    await world.ana.submits(Customer="Acme", Why_does_it_need_a_manager=["Risk"])
    await world.settle()
    await opens_edit(world, world.ana)
    await world.ana.submits(Category="Outage")
    case = await world.case()
    assert (case.summary, case.category) == (story.strip(), "Outage")
    await opens_edit(world, world.ana)
    await world.ana.submits(What_happened="It works again, but:")
    case = await world.case()
    assert case.summary.startswith("It works again, but:\n")
    assert case.summary.endswith("We tried everything.")
    assert len(case.summary) > 3000


async def test_the_menu_offers_what_this_person_may_do(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.ben.presses("More", on=world.card)
    assert world.ben.can_press() == ["Edit", "Merge", "Customer", "Why these times?"]
    await world.leo.presses("More", on=world.card)
    assert world.leo.can_press() == [
        "Change priority",
        "Edit",
        "Merge",
        "Customer",
        "Why these times?",
    ]
