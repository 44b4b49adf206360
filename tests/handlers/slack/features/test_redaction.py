"""Restricting a case hides it everywhere Baton has posted it, at whatever moment that happens."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.case import Edit, Fact
from bot.case.facts import YES
from bot.people import CaseId
from handlers.sandbox import Message, Person
from storage import Transaction
from storage.due import Due
from tests.builders import MAYA, berlin
from tests.handlers.actions import SOLVED
from tests.handlers.sandbox.waiting import comes_true
from tests.world import BILLING, RANDOM, SUPPORT, TEAM, WORKSPACE, World, a_world

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
FACTS = {
    "Customer": "Springfield",
    "What happened?": "The mayor cannot log in",
    "Category": "Politics",
    "What does the customer want?": "Silence",
}
SECRETS = ("springfield", "mayor", "politics", "silence")
CHANNEL = 'channel = "C0SUPPORT"'
FULL_TEAM = (
    TEAM.replace(CHANNEL, f'{CHANNEL}\nfallback_channel = "{RANDOM}"')
    + f"""
[departments.billing]
channel = "{BILLING}"
answer_within = "2h"

[[escalation]]
when = "unresolved"
after = "0m"
notify = ["U0BEN"]
"""
)
RESTRICTED = ["Restricted to owner, reporter and leads"]


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """Run the test on both databases, in Socket Mode: what is posted is the same in both modes."""
    async with a_world(database_url, mode="socket", team=None) as world:
        workspace = world.slack.workspace
        workspace.add_person("U0EVE", "eve", "Eve")
        members = ["U0BEN", "U0EVE", workspace.app.user]
        workspace.add_channel(BILLING, "billing", members=members)
        workspace.channel(SUPPORT).members.append("U0EVE")
        await world.applies(FULL_TEAM)
        yield world


def card(world: World, number: int = 1) -> Message:
    return next(it for it in world.cards() if it.text.startswith(f"ESC-{number} ·"))


def shown_to(world: World, person: Person) -> list[str]:
    """Return everything of Baton's that this person sees: channels, threads, DMs and Home tab."""
    workspace = world.slack.workspace
    posted = [
        f"{channel.id} {message.text} {message.blocks}"
        for channel in workspace.channels.values()
        if person.id in channel.members
        for message in channel.seen_by(person.id)
        if message.user == workspace.app.user and not message.only_for
    ]
    return posted + ([str(person.home.view)] if person.home is not None else [])


def leaks(world: World, *readers: Person) -> list[tuple[str, str]]:
    """Return what people who are not among the readers see of the case's words."""
    others = [
        world.slack.person(it)
        for it in ("U0ANA", "U0BEN", "U0EVE", "U0LEO", "U0MAYA")
        if it not in {reader.id for reader in readers}
    ]
    return [
        (person.id, text)
        for person in others
        for text in shown_to(world, person)
        if any(secret in text.lower() for secret in SECRETS)
    ]


async def opens_case(world: World, **answers: object) -> None:
    await world.escalates(world.ana, **{**FACTS, **answers})
    await world.maya.presses("Claim", on=card(world))
    await world.settle()


async def restricts(world: World, *, by: Person | None = None, number: int = 1) -> None:
    """Restrict the case, without sending anything yet."""
    person = by or world.maya
    await person.presses("More", on=card(world, number))
    await person.presses("Edit")
    await person.submits(Who_may_read_it=RESTRICTED)


async def lifts(world: World, number: int = 1) -> None:
    await world.maya.presses("More", on=card(world, number))
    await world.maya.presses("Edit")
    await world.maya.submits(Who_may_read_it=[])
    await world.settle()


async def updates(world: World, text: str) -> None:
    await world.maya.presses("Update", on=card(world))
    await world.maya.submits(Details=text)


async def time_passes(world: World, length: timedelta, *, step: timedelta = 15 * SECOND) -> None:
    for _ in range(length // step):
        await world.baton.catch_up()
        world.clock.advance(step)
    await world.baton.catch_up()


def thread(world: World) -> str:
    return str([it.text for it in world.leo.thread(card(world))])


async def test_a_note_that_is_being_sent_is_hidden_as_soon_as_its_answer_arrives(
    world: World,
) -> None:
    await opens_case(world)
    world.slack.faults.next("chat.postMessage", "slow", seconds=20)
    await updates(world, "The mayor calls at noon")
    await world.baton.deliverer.run()
    await comes_true(lambda: "calls at noon" in thread(world))
    await restricts(world)
    world.clock.advance(20 * SECOND)
    await world.settle()
    assert leaks(world, world.maya, world.ana, world.leo) == []
    await lifts(world)
    assert "The mayor calls at noon" in thread(world)


@pytest.mark.parametrize("fault", ["reset_after", "late"])
async def test_a_message_in_doubt_is_hidden_within_a_minute_of_being_found(
    world: World, fault: str
) -> None:
    await opens_case(world)
    world.slack.faults.next("chat.postMessage", fault)
    await updates(world, "The mayor calls at noon")
    await world.baton.catch_up()
    await restricts(world)
    await time_passes(world, 3 * MINUTE)
    assert leaks(world, world.maya, world.ana, world.leo) == []
    assert thread(world).count("contacted the customer") == 1
    await lifts(world)
    assert "The mayor calls at noon" in thread(world)


async def test_a_copy_that_arrives_late_is_hidden_by_the_sweep(world: World) -> None:
    await opens_case(world)
    world.slack.faults.next("chat.postMessage", "late", seconds=120)
    await updates(world, "The mayor calls at noon")
    await world.baton.catch_up()
    await restricts(world)
    await time_passes(world, 15 * MINUTE)
    assert leaks(world, world.maya, world.ana, world.leo) == []
    assert thread(world).count("contacted the customer") == 1


async def test_a_department_asked_about_a_restricted_case_keeps_nothing(world: World) -> None:
    await opens_case(world)
    await world.maya.presses("More", on=card(world))
    await world.maya.presses("Ask a department")
    await world.maya.submits(Your_question="What did the mayor pay?")
    await world.settle()
    [question] = world.slack.person("U0EVE").sees(BILLING)
    await world.slack.person("U0EVE").presses("Answer", on=question)
    await world.slack.person("U0EVE").submits(Your_answer="The mayor paid nothing")
    await world.settle()
    await restricts(world)
    await world.settle()
    assert leaks(world, world.maya, world.ana, world.leo) == []
    await world.maya.presses("More", on=card(world))
    assert "Ask a department" not in world.maya.can_press()
    await world.maya.closes()
    await lifts(world)
    [question] = world.slack.person("U0EVE").sees(BILLING)
    assert "What did the mayor pay?" in question.text
    assert "The mayor paid nothing" in question.text


async def test_digests_combined_reminders_and_homes_hide_the_case_until_it_is_shown_again(
    world: World,
) -> None:
    for number in range(7):
        await world.escalates(world.ana, **{**FACTS, "What happened?": f"Mayor, part {number}"})
        world.clock.advance(2 * MINUTE)
    await world.later(hours=1)
    await world.until(berlin("2026-03-03 09:00"))
    gathered = [it for it in world.cards() if "cases need attention" in it.text]
    digest = next(it for it in world.cards() if "Open now" in it.text)
    assert gathered
    assert digest.text.count("Springfield") == 7
    await world.ben.opens_home()
    await world.settle()
    assert "Springfield" in str(world.ben.home)
    for number in range(1, 8):
        await world.maya.presses("Claim", on=card(world, number))
        await world.settle()
        await restricts(world, number=number)
        await world.settle()
    assert leaks(world, world.maya, world.ana, world.leo) == []
    assert digest.text.count("restricted") == 7
    await lifts(world, number=3)
    assert digest.text.count("Springfield") == 1
    assert "Springfield" in str(shown_to(world, world.ben))
    assert all("Springfield" in it.text for it in gathered)


async def test_direct_messages_are_hidden_from_people_who_are_not_among_the_readers(
    world: World,
) -> None:
    await opens_case(world)
    await world.later(minutes=20)
    await world.ben.types("/escalate " + FACTS["What happened?"], channel=SUPPORT)
    await world.ben.fills({"Customer": "Springfield", "Why does it need a manager?": ["Risk"]})
    await world.ben.submits()
    await world.ben.presses("Follow", on=world.ben.modal)
    await world.ben.closes()
    await world.settle()
    await restricts(world)
    await world.settle()
    assert leaks(world, world.maya, world.ana, world.leo) == []
    await world.maya.presses("Resolve", on=card(world))
    await world.maya.fills({**SOLVED, "What was the outcome?": "The mayor is content"})
    await world.maya.submits()
    await world.settle()
    assert leaks(world, world.maya, world.ana, world.leo) == []


async def test_notes_are_hidden_although_their_owner_and_wait_are_gone(world: World) -> None:
    await opens_case(world)
    await world.maya.presses("Wait", on=card(world))
    until = int((world.clock() + timedelta(minutes=30)).timestamp())
    await world.maya.fills({"Until": until, "What has to happen?": "The mayor calls"})
    await world.maya.submits()
    await world.later(minutes=40)
    await world.maya.presses("Hand off", on=card(world))
    await world.maya.submits(New_owner="Ben", What_should_they_know="The mayor is deaf")
    await world.settle()
    await world.ben.presses("Decline", on=world.ben.dms()[-1])
    await world.settle()
    await world.maya.presses("More", on=card(world))
    await world.maya.presses("Release")
    await world.maya.submits(What_should_the_next_owner_know="The mayor is on holiday")
    await world.settle()
    await world.ana.presses("More", on=card(world))
    await world.ana.presses("Edit")
    await world.ana.submits(Who_may_read_it=RESTRICTED)
    await world.settle()
    assert await world.store.query_all(Due.in_trouble) == {}
    assert leaks(world, world.maya, world.ana, world.leo, world.ben) == []
    await world.ben.presses("Claim", on=card(world))
    await world.settle()
    assert leaks(world, world.ana, world.leo, world.ben) == []


async def test_a_former_owner_of_a_restricted_case_keeps_none_of_its_words(world: World) -> None:
    await opens_case(world)
    await restricts(world)
    await world.settle()
    await world.leo.presses("More", on=card(world))
    await world.leo.presses("Edit")
    await world.leo.submits(Category="Politics of the mayor")
    await world.settle()
    assert "Politics" in str(shown_to(world, world.maya))
    await world.maya.presses("Hand off", on=card(world))
    await world.maya.submits(New_owner="Ben", What_should_they_know="The mayor is deaf")
    await world.settle()
    await world.ben.presses("Accept", on=world.ben.dms()[-1])
    await world.settle()
    assert leaks(world, world.ben, world.ana, world.leo) == []
    assert "The mayor is deaf" in str(shown_to(world, world.ben))


async def test_a_former_lead_keeps_none_of_its_words(world: World) -> None:
    await opens_case(world)
    await restricts(world)
    await world.settle()
    await updates(world, "The mayor calls at noon")
    await world.settle()
    assert "calls at noon" in str(shown_to(world, world.leo))
    await world.applies(FULL_TEAM.replace('leads = ["U0LEO"]', 'leads = ["U0BEN"]'))
    await world.settle()
    assert leaks(world, world.maya, world.ana, world.ben) == []


async def test_copies_of_an_undelivered_message_are_hidden(world: World) -> None:
    await world.escalates(world.ana, **FACTS)
    await world.maya.presses("Claim", on=card(world))
    world.slack.faults.next("chat.postMessage", "error:is_archived")
    world.slack.faults.next("chat.postMessage", "error:user_not_found")
    await world.settle()
    await updates(world, "The mayor calls at noon")
    world.slack.faults.next("chat.postMessage", "error:is_archived", times=1)
    await world.settle()
    everywhere = str(shown_to(world, world.ben))
    assert everywhere.count("deliver this to") >= 2
    await restricts(world)
    await world.settle()
    assert leaks(world, world.maya, world.ana, world.leo) == []
    await lifts(world)
    assert "The mayor calls at noon" in str(shown_to(world, world.ben))


async def test_no_card_quotes_the_outcome_of_another_case_of_the_customer(
    world: World,
) -> None:
    await opens_case(world)
    await world.maya.presses("Resolve", on=card(world))
    await world.maya.fills({**SOLVED, "What was the outcome?": "The mayor is content"})
    await world.maya.submits()
    await world.settle()
    await world.escalates(world.ben, Customer="Springfield", What_happened="A lamp is dark")
    assert "mayor" not in card(world, 2).text


async def test_cases_about_the_same_matter_are_restricted_together(world: World) -> None:
    await opens_case(world)
    await world.escalates(world.ben, **{**FACTS, "What happened?": "The mayor is locked out"})
    await world.leo.presses("More", on=card(world, 2))
    await world.leo.presses("Merge")
    await world.leo.submits(Merge_into="1")
    await world.settle()
    await restricts(world)
    await world.settle()
    assert (await world.case(2)).restricted
    assert leaks(world, world.maya, world.ana, world.leo, world.ben) == []
    assert "mayor" not in str(world.ben.sees(SUPPORT)).lower()
    await world.escalates(world.ben, **{**FACTS, "What happened?": "The mayor calls again"})
    await world.leo.presses("More", on=card(world, 3))
    await world.leo.presses("Merge")
    await world.leo.submits(Merge_into="1")
    await world.settle()
    assert (await world.case(3)).restricted
    assert leaks(world, world.maya, world.ana, world.leo, world.ben) == []
    await lifts(world)
    assert not (await world.case(1)).restricted


async def test_the_case_that_a_restricted_one_continues_is_restricted_as_well(
    world: World,
) -> None:
    await opens_case(world)
    await world.maya.presses("Resolve", on=card(world))
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.later(days=8)
    await world.ana.presses("Reopen", on=card(world))
    await world.ana.submits(Why_does_it_need_a_manager=["Risk"])
    await world.settle()
    await world.maya.presses("Claim", on=card(world, 2))
    await world.settle()
    await restricts(world, number=2)
    await world.settle()
    assert (await world.case(1)).restricted
    assert leaks(world, world.maya, world.ana, world.leo) == []
    await lifts(world, number=2)
    assert not (await world.case(1)).restricted


async def test_what_people_wrote_is_linked_for_those_who_can_have_it_removed(world: World) -> None:
    await opens_case(world)
    reply = await world.ben.replies("The mayor shouted at me", to=card(world))
    await restricts(world, by=world.leo)
    await world.settle()
    for person in (world.leo, world.maya):
        links = next(it for it in person.dms() if "ask the authors" in it.text)
        assert f"/archives/{SUPPORT}/p{reply.ts.replace('.', '')}?thread_ts=" in links.text
        assert "mayor" not in links.text
    assert not any("ask the authors" in it.text for it in world.ana.dms())


async def test_without_the_right_to_read_threads_a_sentence_says_so(world: World) -> None:
    await opens_case(world)
    app = world.slack.workspace.app
    world.slack.workspace._app = replace(app, scopes=app.scopes - {"channels:history"})
    await restricts(world)
    await world.settle()
    assert "I can't read its threads" in world.maya.dms()[-1].text


async def test_without_replies_no_links_are_sent(world: World) -> None:
    await opens_case(world)
    await restricts(world)
    await world.settle()
    assert not any("ask the authors" in it.text for it in world.maya.dms())


@pytest.mark.parametrize("error", ["edit_window_closed", "cant_update_message"])
async def test_a_message_that_cannot_be_edited_is_deleted(world: World, error: str) -> None:
    await opens_case(world)
    await updates(world, "The mayor calls at noon")
    await world.settle()
    world.slack.faults.next("chat.update", f"error:{error}", times=30)
    await restricts(world)
    await world.settle()
    world.slack.faults.clear()
    await world.settle()
    assert leaks(world, world.maya, world.ana, world.leo) == []


async def test_messages_of_an_archived_channel_are_hidden_when_it_opens_again(
    world: World,
) -> None:
    await opens_case(world)
    await updates(world, "The mayor calls at noon")
    await world.settle()
    world.slack.workspace.channel(SUPPORT).archived = True
    await world.store.of(WORKSPACE).run(restrict_first)
    await time_passes(world, MINUTE)
    assert not any("calls at noon" in it.text for it in world.leo.sees(RANDOM))
    world.slack.workspace.channel(SUPPORT).archived = False
    await world.slack.dispatch.tell({"type": "channel_unarchive", "channel": SUPPORT})
    await world.settle()
    assert leaks(world, world.maya, world.ana, world.leo) == []


def restrict_first(tx: Transaction) -> None:
    case = tx.cases.get(CaseId(1))
    number = len(case.history)
    facts = case.facts() | {Fact.RESTRICTED: YES}
    case.edit(Edit(facts=facts, base=number, reviewed=number), by=MAYA, at=tx.now)


async def test_forty_messages_are_hidden_within_a_minute_before_all_other_edits(
    world: World,
) -> None:
    await world.applies(TEAM)
    await opens_case(world)
    await world.store.of(WORKSPACE).run(update_often, 36)
    await world.settle()
    for number in range(20):
        await world.escalates(world.ben, Customer=f"Customer {number}")
        world.clock.advance(10 * SECOND)
    await world.store.of(WORKSPACE).run(change_all_cards)
    started = world.clock()
    await restricts(world)
    while leaks(world, world.maya, world.ana, world.leo):
        await world.baton.catch_up()
        world.clock.advance(SECOND)
    assert world.clock() - started <= MINUTE


def update_often(tx: Transaction, times: int) -> None:
    case = tx.cases.get(CaseId(1))
    for number in range(times):
        case.update(f"The mayor calls, time {number}", by=MAYA, at=tx.now)


def change_all_cards(tx: Transaction) -> None:
    for number in range(2, 22):
        tx.cases.get(CaseId(number)).card.request_update(at=tx.now, background=number % 2 == 0)
