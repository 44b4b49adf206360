"""The audit trail holds no word that a person wrote, whatever form or command it came by."""

import json
from collections.abc import AsyncIterator, Mapping
from itertools import count

import pytest
from sqlalchemy import select

from handlers.sandbox import Message, Person
from storage.tables import audit
from tests.builders import berlin
from tests.handlers.actions import escalates_and_claims
from tests.handlers.slack.features.test_departments import question
from tests.handlers.slack.features.test_five_steps import GOODWILL
from tests.handlers.slack.features.test_merge import merges
from tests.world import BILLING, SUPPORT, TEAM, World, a_world

WITH_MORE = (
    TEAM
    + """
[departments.billing]
channel = "C0BILLING"
answer_within = "2h"

[goodwill]
limit = 100

[[questions]]
category = "Outage"
ask = "Is it on the status page?"
"""
)
CANARY = "canary"


@pytest.fixture
async def busy(database_url: str) -> AsyncIterator[World]:
    """A world whose team has a department, a goodwill limit and a category with a question."""
    async with a_world(database_url, mode="socket", team=None) as world:
        workspace = world.slack.workspace
        workspace.add_channel(BILLING, "billing", members=["U0ANA", "U0MAYA", workspace.app.user])
        await world.applies(WITH_MORE)
        yield world


def rows(world: World) -> str:
    """Return every row of the trail as text."""
    with world.store.database.reading.connect() as connection:
        return "\n".join(str(row) for row in connection.execute(select(audit)))


async def submits(
    world: World,
    who: Person,
    *buttons: str,
    answers: Mapping[str, object],
    on: Message | None = None,
) -> None:
    """Press the first button on a message, or on the first card, the others in the form."""
    for button in buttons:
        await who.presses(button, on=(on or world.cards()[0]) if button is buttons[0] else None)
    await who.fills(answers)
    await who.submits()
    assert not who.errors
    await world.settle()


async def writes_in_every_form(world: World) -> int:
    """Write a word of its own into every field of every form; return how many."""
    numbers = count(1)

    def word() -> str:
        return f"{CANARY} {next(numbers)}"

    ana, maya, leo = world.ana, world.maya, world.leo
    category = word()
    for _ in range(2):
        typed = {"What happened?": word(), "Ticket link": f"https://example.com/{CANARY}"}
        await world.escalates(ana, Customer=f"{CANARY} Ltd", Category=category, **typed)
    await merges(world, "1")
    await maya.presses("Claim", on=world.cards()[0])
    await world.settle()
    await maya.presses("Next: History reviewed", on=world.cards()[0])
    await world.settle()
    await submits(world, maya, "Next: Contact", answers={"What was said?": word()})
    facts = {"What are the facts?": word(), "What was the root cause?": word()}
    await submits(world, maya, "Next: Facts", answers=facts)
    await submits(world, maya, "Next: Offer", answers={"Details": word(), GOODWILL: "250"})
    alternative = {"What should the owner offer instead?": word()}
    await submits(world, leo, "Decline", on=leo.dms()[-1], answers=alternative)
    await submits(world, maya, "Update", answers={"Details": word()})
    until = int(berlin("2026-03-04 12:00").timestamp())
    wait = {"Until": until, "What has to happen?": word()}
    await submits(world, maya, "Wait", answers=wait)
    await submits(world, maya, "More", "Ask a department", answers={"Your question": word()})
    await submits(world, ana, "Answer", on=question(world), answers={"Your answer": word()})
    priority = {"New priority": "Normal", "Why?": word()}
    await submits(world, maya, "More", "Change priority", answers=priority)
    edit = {"What does the customer want?": word(), "Category": word(), "What happened?": word()}
    await submits(world, maya, "More", "Edit", answers=edit)
    hand_off = {"New owner": "Ben", "What should they know?": word()}
    await submits(world, maya, "Hand off", answers=hand_off)
    outcome = {"What was the outcome?": word(), "How will we prevent it?": word()}
    cause = {"What was the root cause?": word()}
    await submits(world, maya, "Resolve", answers=outcome | cause)
    await submits(world, ana, "Reopen", answers={"Why does it need more work?": word()})
    for command in (f"find {word()}", f"customer {word()}", "claim 1", word()):
        await ana.types(f"/baton {command}", channel=SUPPORT)
    return next(numbers) - 1


async def test_no_word_that_a_person_wrote_is_in_the_trail(busy: World) -> None:
    written = await writes_in_every_form(busy)
    case = await busy.case()
    text = rows(busy)
    assert written >= 20
    assert CANARY in case.customer_key
    assert CANARY in str(vars(case.history[-1]))
    assert CANARY not in text.casefold()
    for step in ("absorbed", "goodwill_declined", "answered", "edited", "waiting", "reopened"):
        assert f"'{step}'" in text


async def test_equal_customers_compare_equal_and_a_configured_category_stays(busy: World) -> None:
    await busy.escalates(busy.ana, Customer="Acme")
    await busy.escalates(busy.ana, Customer="ACME ", **{"What happened?": "Another thing"})
    await busy.escalates(busy.ana, Customer="Globex", **{"What happened?": "A third thing"})
    links = await busy.store.of(busy.baton.installation.workspace).read(
        lambda tx: tx.audit.after(0)
    )
    opened = [json.loads(it.entry.after) for it in links if it.entry.step == "opened"]
    one, same, other = (it["customer_key"] for it in opened)
    assert one == same != other
    assert one.startswith("#")


async def test_the_history_says_that_a_category_changed_without_its_words(
    quick_world: World,
) -> None:
    await escalates_and_claims(quick_world)
    for word in (CANARY, "another"):
        await quick_world.maya.presses("More", on=quick_world.card)
        await quick_world.maya.presses("Edit")
        await quick_world.maya.fills({"Category": word})
        await quick_world.maya.submits()
        await quick_world.settle()
    await quick_world.maya.types("/baton history 1", channel=SUPPORT)
    history = quick_world.maya.ephemerals[-1]
    assert "category added" in history
    assert "category changed" in history
    assert "#" not in history
