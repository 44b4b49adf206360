"""Maya asks another department; it answers, or it does not."""

from handlers.sandbox import Message
from tests.builders import berlin
from tests.handlers.actions import SOLVED, is_claimed
from tests.world import BILLING, TEAM, World

ASKS_BILLING = TEAM + '\n[departments.billing]\nchannel = "C0BILLING"\nanswer_within = "2h"\n'


async def asks(world: World, *, times: int = 1) -> None:
    there = world.slack.workspace
    there.add_channel(BILLING, "billing", members=["U0ANA", "U0MAYA", there.app.user])
    await world.applies(ASKS_BILLING)
    await is_claimed(world)
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Ask a department")
    await world.maya.submits(What_do_you_ask_them="Was it paid <twice>?", times=times)
    await world.settle()


def question(world: World) -> Message:
    [asked] = world.cards(BILLING)
    return asked


async def test_what_a_department_answers_comes_back_into_the_case(world: World) -> None:
    await asks(world, times=2)
    asked = question(world)
    assert "<@U0MAYA> asks you, for *ESC-1 · Acme*" in asked.text
    assert "Was it paid &lt;twice&gt;?" in asked.text
    assert ":question: Asked Billing, due <!date^" in world.card.text

    await world.ana.presses("Answer", on=asked)
    await world.ana.submits(Your_answer="Yes, on Monday", times=2)
    await world.settle()
    assert "<@U0ANA> answered" in question(world).text
    assert world.ana.can_press(question(world)) == []
    assert "Yes, on Monday" in world.maya.thread(world.card)[-1].text
    assert "answers for Billing in your case *ESC-1*" in world.maya.dms()[-1].text
    assert ":speech_balloon: Billing answered" in world.card.text
    assert "late" not in world.card.text.split("Billing answered")[1].split("\n")[0]


async def test_a_department_that_does_not_answer_is_reminded_once_and_the_owner_knows(
    quick_world: World,
) -> None:
    world = quick_world
    await asks(world)
    await world.until(berlin("2026-03-02 11:05"))
    await world.later(hours=3)
    thread = world.maya.thread(question(world))
    assert len(thread) == 2
    assert "An answer was due" in thread[1].text
    assert "Billing has not answered for *ESC-1*" in world.maya.dms()[-1].text
    assert "its answer was due" in world.card.text
    await world.ana.presses("Answer", on=question(world))
    await world.ana.submits(Your_answer="No")
    await world.settle()
    assert "Billing answered late" in world.card.text
    assert len(world.cards()) == 1


async def test_two_who_answer_at_once_are_told_and_a_case_that_is_over_needs_no_answer(
    quick_world: World,
) -> None:
    world = quick_world
    await asks(world)
    await world.ana.presses("Answer", on=question(world))
    await world.maya.presses("Answer", on=question(world))
    await world.ana.submits(Your_answer="Yes")
    await world.maya.submits(Your_answer="No")
    assert "already answered this" in "".join(world.maya.errors.values())
    await world.maya.closes()
    await world.settle()
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Ask a department")
    await world.maya.submits(What_do_you_ask_them="And when?")
    await world.settle()
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.settle()
    assert "no answer is needed any more" in world.cards(BILLING)[-1].text
    await world.later(days=2)
    assert len(world.maya.thread(world.cards(BILLING)[-1])) == 1
    await world.ana.presses("Reopen", on=world.cards()[0])
    await world.ana.submits(Why_is_it_not_over="It is back")
    await world.settle()
    assert world.ana.can_press(world.cards(BILLING)[-1]) == ["Answer"]


async def test_without_departments_the_menu_offers_none(quick_world: World) -> None:
    world = quick_world
    await is_claimed(world)
    await world.maya.presses("More", on=world.card)
    assert "Ask a department" not in world.maya.can_press()
