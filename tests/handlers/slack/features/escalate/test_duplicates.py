"""Likely duplicates are offered before a second case opens; nothing typed is lost."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.case.event import EventKind
from handlers.sandbox import Person
from tests.handlers.actions import SOLVED, add_stranger
from tests.world import SUPPORT, World

OFFER = "Is it one of these?"
SUMMARY = "Nobody can log in"  # as in ``World.escalates``, so that cases are alike


async def submits_case(person: Person, summary: str = SUMMARY, **answers: Any) -> None:
    await person.types("/escalate", channel=SUPPORT)
    defaults = {
        "Customer": "ACME",
        "What happened?": summary,
        "Why does it need a manager?": ["Risk"],
        "What does the customer want?": "A call",
    }
    await person.fills({**defaults, **answers})
    await person.submits()


async def test_a_likely_duplicate_is_offered_and_followed(world: World) -> None:
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    await submits_case(world.ben, f"{SUMMARY} since 9, <!channel>")
    modal = world.ben.modal
    assert modal is not None
    assert modal.title == OFFER
    assert "ESC-1" in modal.words
    assert "Owner: <@U0MAYA>" in modal.words
    await world.ben.presses("Follow ESC-1 instead")
    await world.settle()
    assert world.ben.modal is not None
    assert "You now follow ESC-1." in world.ben.modal.words
    assert len(world.cards()) == 1
    note = world.maya.thread(world.card)[-1]
    assert "<@U0BEN> reports the same problem:" in note.text
    assert "since 9, &lt;!channel&gt;" in note.text
    assert "They want: A call" in note.text
    assert "reports the same problem as *ESC-1*" in world.maya.dms()[-1].text
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.settle()
    assert "which you follow" in world.ben.dms()[-1].text
    assert "They can log in again" in world.ben.dms()[-1].text


async def test_a_reporter_who_escalates_anyway_loses_nothing(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await submits_case(world.ben, **{"Category": "Login"})
    assert world.ben.modal is not None
    assert world.ben.modal.title == OFFER
    await world.ben.submits(times=3)
    await world.settle()
    assert world.ben.modal is None
    case = await world.case(2)
    assert (case.customer, case.wish, case.category) == ("ACME", "A call", "Login")
    assert (case.reporter, len(world.cards())) == ("U0BEN", 2)


async def test_a_summary_too_long_for_the_form_survives_the_offer(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    summary = f"{SUMMARY}. " * 300
    await world.ben.types(f"/escalate {summary}", channel=SUPPORT)
    await world.ben.fills({"Customer": "Acme", "Why does it need a manager?": ["Risk"]})
    await world.ben.submits()
    await world.ben.submits()
    await world.settle()
    assert (await world.case(2)).summary == summary.strip()


@pytest.mark.parametrize(
    ("summary", "customer"), [("Charged twice for October", "Acme"), (SUMMARY, "Beta")]
)
async def test_another_problem_or_customer_is_not_a_duplicate(
    quick_world: World, summary: str, customer: str
) -> None:
    await quick_world.escalates(quick_world.ana)
    await submits_case(quick_world.ben, summary, Customer=customer)
    assert quick_world.ben.modal is None


@pytest.mark.parametrize(("days", "offered"), [(6, True), (8, False)])
async def test_a_closed_case_is_offered_for_a_week(
    quick_world: World, days: int, offered: bool
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.settle()
    world.clock.advance(timedelta(days=days))
    await world.reads_people()
    await submits_case(world.ben)
    assert (world.ben.modal is not None) is offered


async def test_follow_pressed_three_times_follows_once(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await submits_case(world.ben)
    await world.ben.presses("Follow ESC-1 instead", times=3)
    await world.settle()
    kinds = [event.kind for event in (await world.case()).history]
    assert kinds.count(EventKind.FOLLOWED) == 1


async def test_a_person_who_may_not_see_a_case_is_offered_its_number_without_its_summary(
    quick_world: World,
) -> None:
    world = quick_world
    stranger = await add_stranger(world, SUPPORT)
    await world.escalates(world.ana, **{"What happened?": f"{SUMMARY}, secretly"})
    await submits_case(stranger)
    assert stranger.modal is not None
    assert "ESC-1" in stranger.modal.words
    assert "secretly" not in stranger.modal.words


async def test_a_failed_search_for_duplicates_does_not_stop_an_escalation(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    # The search for duplicates reads this column, opening a case does not.
    with Session(world.store.database.writing) as session:
        session.execute(text("ALTER TABLE case_numbers RENAME COLUMN workspace TO elsewhere"))
        session.commit()
    await submits_case(world.ben, "Charged twice")
    await world.settle()
    assert world.ben.modal is None
