"""Editing a case: one person, two at once, and texts longer than the field."""

from handlers.sandbox import Person
from tests.world import SUPPORT, World


async def opens_edit_form(world: World, person: Person) -> None:
    await person.presses("More", on=world.card)
    await person.presses("Edit")


async def test_the_edit_form_is_prefilled_and_the_thread_shows_what_changed(world: World) -> None:
    await world.escalates(world.ana, Category="Outage")
    await opens_edit_form(world, world.maya)
    await world.maya.submits(
        Customer="Acme <Ltd>",
        Source="Phone",
        Mood="Angry",
        What_is_at_stake=["Public complaint", "Churn risk"],
    )
    await world.settle()
    card = world.card.text
    for part in ("ESC-1 · Acme &lt;Ltd&gt;", "Outage", "Phone", "Angry", "Public complaint"):
        assert part in card
    note = world.maya.thread(world.card)[-1].text
    assert "<@U0MAYA> edited ESC-1" in note
    assert "Customer: Acme → Acme &lt;Ltd&gt;" in note
    assert "Source: Phone" in note
    assert "Mood: Angry" in note
    assert len(world.cards()) == 1


async def test_the_second_of_two_editors_sees_the_first_edit_and_keeps_their_own_text(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await opens_edit_form(world, world.maya)
    await opens_edit_form(world, world.ana)
    await world.maya.submits(Category="Billing", What_does_the_customer_want="Money back")
    await world.ana.submits(Category="Outage", times=2)
    assert world.ana.modal is not None
    assert "Changed while you were typing" in world.ana.modal.words
    assert "<@U0MAYA>: Category: Billing" in world.ana.modal.words
    await world.ana.submits()
    assert world.ana.modal is None
    case = await world.case()
    assert (case.category, case.wish) == ("Outage", "Money back")


async def test_an_edit_keeps_the_part_of_a_summary_that_does_not_fit_in_the_form(
    quick_world: World,
) -> None:
    world = quick_world
    summary = "We tried everything. " * 300  # a text field in Slack holds 3,000 characters
    await world.ana.types(f"/escalate {summary}", channel=SUPPORT)
    await world.ana.submits(Customer="Acme", Why_does_it_need_a_manager=["Risk"])
    await world.settle()
    await opens_edit_form(world, world.ana)
    await world.ana.submits(Category="Outage")
    case = await world.case()
    assert (case.summary, case.category) == (summary.strip(), "Outage")
    await opens_edit_form(world, world.ana)
    await world.ana.submits(What_happened="It works again, but:")
    case = await world.case()
    assert case.summary.startswith("It works again, but:\n")
    assert case.summary.endswith("We tried everything.")
    assert len(case.summary) > 3000


async def test_the_menu_offers_only_what_the_person_may_do(quick_world: World) -> None:
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
