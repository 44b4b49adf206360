"""Questions to other departments: answers, reminders and races."""

from handlers.sandbox import Message
from tests.builders import berlin
from tests.handlers.actions import SOLVED, escalates_and_claims
from tests.world import BILLING, TEAM, World

WITH_BILLING = TEAM + '\n[departments.billing]\nchannel = "C0BILLING"\nanswer_within = "2h"\n'


async def asks_billing(world: World, *, times: int = 1) -> None:
    workspace = world.slack.workspace
    members = ["U0ANA", "U0MAYA", workspace.app.user]
    workspace.add_channel(BILLING, "billing", members=members)
    await world.applies(WITH_BILLING)
    await escalates_and_claims(world)
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Ask a department")
    await world.maya.submits(Your_question="Was it paid <twice>?", times=times)
    await world.settle()


def question(world: World) -> Message:
    [message] = world.cards(BILLING)
    return message


async def test_a_departments_answer_reaches_the_card_the_thread_and_the_owner(world: World) -> None:
    await asks_billing(world, times=2)
    message = question(world)
    assert "<@U0MAYA> has a question about *ESC-1 · Acme*" in message.text
    assert "Was it paid &lt;twice&gt;?" in message.text
    assert ":question: Asked Billing, answer due <!date^" in world.card.text

    await world.ana.presses("Answer", on=message)
    await world.ana.submits(Your_answer="Yes, on Monday", times=2)
    await world.settle()
    assert "<@U0ANA> answered" in question(world).text
    assert world.ana.can_press(question(world)) == []
    assert "Yes, on Monday" in world.maya.thread(world.card)[-1].text
    assert "answered for Billing on your case *ESC-1*" in world.maya.dms()[-1].text
    assert ":speech_balloon: Billing answered" in world.card.text
    assert "late" not in world.card.text.split("Billing answered")[1].split("\n")[0]


async def test_a_department_that_does_not_answer_is_reminded_once_and_the_owner_is_notified(
    quick_world: World,
) -> None:
    world = quick_world
    await asks_billing(world)
    await world.until(berlin("2026-03-02 11:05"))
    await world.later(hours=3)
    thread = world.maya.thread(question(world))
    assert len(thread) == 2
    assert "An answer was due" in thread[1].text
    assert "No answer from Billing for *ESC-1*" in world.maya.dms()[-1].text
    assert "No answer from Billing: it was due" in world.card.text
    await world.ana.presses("Answer", on=question(world))
    await world.ana.submits(Your_answer="No")
    await world.settle()
    assert "Billing answered late" in world.card.text
    assert len(world.cards()) == 1


async def test_only_the_first_answer_counts_and_a_closed_case_needs_none(
    quick_world: World,
) -> None:
    world = quick_world
    await asks_billing(world)
    await world.ana.presses("Answer", on=question(world))
    await world.maya.presses("Answer", on=question(world))
    await world.ana.submits(Your_answer="Yes")
    await world.maya.submits(Your_answer="No")
    assert "already answered this" in "".join(world.maya.errors.values())
    await world.maya.closes()
    await world.settle()
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Ask a department")
    await world.maya.submits(Your_question="And when?")
    await world.settle()
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.settle()
    assert "so no answer is needed" in world.cards(BILLING)[-1].text
    await world.later(days=2)
    assert len(world.maya.thread(world.cards(BILLING)[-1])) == 1
    await world.ana.presses("Reopen", on=world.cards()[0])
    await world.ana.submits(Why_does_it_need_more_work="It is back")
    await world.settle()
    assert world.ana.can_press(world.cards(BILLING)[-1]) == ["Answer"]


async def test_the_menu_of_a_team_without_departments_does_not_offer_to_ask_one(
    quick_world: World,
) -> None:
    world = quick_world
    await escalates_and_claims(world)
    await world.maya.presses("More", on=world.card)
    assert "Ask a department" not in world.maya.can_press()
