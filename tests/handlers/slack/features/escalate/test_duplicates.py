"""A likely duplicate is offered before a second case is made; nothing typed is lost."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.case.event import EventKind
from handlers.sandbox import Person
from tests.handlers.actions import SOLVED
from tests.world import SUPPORT, World

OFFER = "Is it one of these?"


async def sends_in(who: Person, story: str = "Nobody can log in", **answers: Any) -> None:
    await who.types("/escalate", channel=SUPPORT)
    said = {
        "Customer": "ACME",
        "What happened?": story,
        "Why does it need a manager?": ["Risk"],
        "What does the customer want?": "A call",
    }
    await who.fills({**said, **answers})
    await who.submits()


async def test_a_likely_duplicate_is_offered_and_followed(world: World) -> None:
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    await sends_in(world.ben, "Nobody can log in since 9, <!channel>")
    modal = world.ben.modal
    assert modal is not None
    assert modal.title == OFFER
    assert "ESC-1" in modal.words
    assert "<@U0MAYA> has it" in modal.words
    await world.ben.presses("Follow ESC-1 instead")
    await world.settle()
    assert world.ben.modal is not None
    assert "You follow ESC-1 now" in world.ben.modal.words
    assert len(world.cards()) == 1
    added = world.maya.thread(world.card)[-1]
    assert "<@U0BEN> met the same" in added.text
    assert "since 9, &lt;!channel&gt;" in added.text
    assert "They want: A call" in added.text
    assert "met the same as in" in world.maya.dms()[-1].text
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.settle()
    assert "which you follow" in world.ben.dms()[-1].text
    assert "They can log in again" in world.ben.dms()[-1].text


async def test_whoever_knows_better_escalates_anyway_and_loses_nothing(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await sends_in(world.ben, **{"Category": "Login"})
    assert world.ben.modal is not None
    assert world.ben.modal.title == OFFER
    await world.ben.submits(times=3)
    await world.settle()
    assert world.ben.modal is None
    case = await world.case(2)
    assert (case.customer, case.wish, case.category) == ("ACME", "A call", "Login")
    assert (case.reporter, len(world.cards())) == ("U0BEN", 2)


async def test_a_story_too_long_for_the_form_is_not_cut_by_the_offer(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    long = "Nobody can log in. " * 300
    await world.ben.types(f"/escalate {long}", channel=SUPPORT)
    await world.ben.fills({"Customer": "Acme", "Why does it need a manager?": ["Risk"]})
    await world.ben.submits()
    await world.ben.submits()
    await world.settle()
    assert (await world.case(2)).summary == long.strip()


@pytest.mark.parametrize(
    ("story", "customer"), [("Charged twice for October", "Acme"), ("Nobody can log in", "Beta")]
)
async def test_another_story_or_customer_is_not_asked_about(
    quick_world: World, story: str, customer: str
) -> None:
    await quick_world.escalates(quick_world.ana)
    await sends_in(quick_world.ben, story, Customer=customer)
    assert quick_world.ben.modal is None


@pytest.mark.parametrize(("days", "offered"), [(6, True), (8, False)])
async def test_a_case_that_is_over_counts_for_a_week(
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
    world.clock.wind(timedelta(days=days))
    await sends_in(world.ben)
    assert (world.ben.modal is not None) is offered


async def test_a_press_that_comes_twice_adds_once(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await sends_in(world.ben)
    await world.ben.presses("Follow ESC-1 instead", times=3)
    await world.settle()
    kinds = [event.kind for event in (await world.case()).history]
    assert kinds.count(EventKind.FOLLOWED) == 1


async def test_who_may_not_see_a_case_reads_nothing_of_its_story(quick_world: World) -> None:
    world = quick_world
    world.slack.workspace.add_person("U0ELSE", "else", "Somebody Else")
    world.slack.workspace.channel(SUPPORT).members.append("U0ELSE")
    stranger = world.slack.person("U0ELSE")
    await world.escalates(world.ana, **{"What happened?": "Nobody can log in, secretly"})
    await sends_in(stranger)
    assert stranger.modal is not None
    assert "ESC-1" in stranger.modal.words
    assert "secretly" not in stranger.modal.words


async def test_when_the_look_fails_nobody_is_stopped(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    with Session(world.store.database.writing) as session:
        session.execute(text("ALTER TABLE case_numbers RENAME COLUMN workspace TO elsewhere"))
        session.commit()
    await sends_in(world.ben, "Charged twice")
    await world.settle()
    assert world.ben.modal is None
