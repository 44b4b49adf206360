"""Clocks as people see them: on the card, in forms, in nudges, and explained."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from handlers.sandbox import Message
from tests.builders import berlin
from tests.handlers.actions import escalates_and_claims
from tests.world import SUPPORT, TEAM, World, a_world

WITH_TARGETS = TEAM.replace(
    '{ claim = "15m" }',
    '{ claim = "15m", first_response = "1h", update = "2h", resolution = "4h" }',
)


@pytest.fixture
async def claimed(sqlite_url: str) -> AsyncIterator[World]:
    """Claim Ana's urgent case, which has all clocks, as Maya."""
    async with a_world(sqlite_url, mode="socket", team=WITH_TARGETS) as world:
        await escalates_and_claims(world)
        yield world


def last(messages: list[Message]) -> str:
    return messages[-1].text


async def test_the_card_shows_each_clock(claimed: World) -> None:
    world = claimed
    for line in ("First response due <!date^", "Update due <!date^", "Resolution due <!date^"):
        assert line in world.card.text
    assert ":white_check_mark: On time: claim" in world.card.text


async def test_contact_with_the_customer_is_logged_in_one_short_form(claimed: World) -> None:
    world = claimed
    await world.maya.presses("Update", on=world.card)
    await world.maya.fills({"Details": "They know we are on it"})
    await world.maya.submits()
    await world.settle()
    assert "On time: claim, first response" in world.card.text
    assert "contacted the customer" in last(world.maya.thread(world.card))
    assert "They know we are on it" in last(world.maya.thread(world.card))


async def test_a_case_waits_its_owner_is_nudged_and_it_resumes(world: World) -> None:
    await world.applies(WITH_TARGETS)
    await escalates_and_claims(world)
    until = int((world.clock() + timedelta(minutes=30)).timestamp())
    await world.maya.presses("Wait", on=world.card)
    await world.maya.fills({"Until": until, "What has to happen?": "They send a screenshot"})
    await world.maya.submits()
    await world.settle()
    assert "Owner: <@U0MAYA>, waiting for the customer until" in world.card.text
    assert "Resolution paused: waiting for the customer" in world.card.text
    assert world.maya.can_press(world.card)[1:3] == ["Resume", "Hand off"]

    await world.later(minutes=31)
    overdue = world.maya.dms()[-1]
    assert "*ESC-1* (Acme): the wait ended <!date^" in overdue.text
    assert "Resume it, or extend the wait." in overdue.text
    assert world.maya.can_press(overdue) == ["Resume", "Wait longer"]
    await world.maya.presses("Resume", on=overdue)
    await world.settle()
    assert "Resolution due" in world.card.text


async def test_a_wait_until_a_time_in_the_past_is_rejected_under_its_field(claimed: World) -> None:
    world = claimed
    await world.maya.presses("Wait", on=world.card)
    past = int((world.clock() - timedelta(minutes=1)).timestamp())
    await world.maya.fills({"Until": past, "What has to happen?": "A call"})
    await world.maya.submits()
    [(field, error)] = world.maya.errors.items()
    assert (field, "is in the past" in error) == ("Until", True)


async def test_the_priority_form_shows_the_due_times_at_each_priority(claimed: World) -> None:
    world = claimed
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Change priority")
    assert world.maya.modal is not None
    shown = world.maya.modal.words
    assert ":red_circle: Urgent (now): first response <!date^" in shown
    assert ":white_circle: Low: " in shown
    await world.maya.fills({"New priority": "Normal", "Why?": "Only one branch"})
    await world.maya.submits()
    await world.settle()
    assert "Normal" in world.card.text.split("\n")[1]
    assert "Only one branch" in last(world.maya.thread(world.card))


async def test_the_owner_is_nudged_before_the_first_response_is_overdue(claimed: World) -> None:
    world = claimed
    await world.until(berlin("2026-03-02 09:48"))
    assert "*ESC-1* (Acme): first response due <!date^" in last(world.maya.dms())
    assert world.leo.dms() == []
    await world.until(berlin("2026-03-02 10:00"))
    assert "*ESC-1* (Acme) is overdue: first response was due" in last(world.maya.dms())
    assert "<@U0MAYA> owns it" in last(world.leo.dms())


async def test_why_explains_each_due_time_line_by_line(claimed: World) -> None:
    world = claimed
    await world.ben.types("/baton why 1", channel=SUPPORT)
    reply = world.ben.ephemerals[-1]
    assert "*ESC-1 · Acme*: policy Standard" in reply
    assert "*Resolution*: running" in reply
    assert "• opened Mon 2 Mar 2026 09:00 in Europe/Berlin: target 4 h" in reply
    await world.ben.presses("More", on=world.card)
    await world.ben.presses("Why these times?")
    assert world.ben.modal is not None
    assert "*First response*: running" in world.ben.modal.words


async def test_applying_a_document_moves_the_due_times_of_open_cases(world: World) -> None:
    await world.applies(WITH_TARGETS)
    await escalates_and_claims(world)
    before = world.card.text
    await world.applies(WITH_TARGETS.replace('resolution = "4h"', 'resolution = "2h"'))
    await world.settle()
    assert world.card.text != before
    resolution = (await world.case()).clocks[-1]
    assert resolution.due_at == berlin("2026-03-02 11:00")


async def test_the_board_shows_what_is_due_next(claimed: World) -> None:
    world = claimed
    await world.maya.types("/baton", channel=SUPPORT)
    assert "first response due in" in world.maya.ephemerals[-1]


async def test_a_customers_reply_is_logged_while_the_case_waits_and_ends_the_wait(
    claimed: World,
) -> None:
    world = claimed
    until = int((world.clock() + timedelta(hours=3)).timestamp())
    await world.maya.presses("Wait", on=world.card)
    await world.maya.fills({"Until": until, "What has to happen?": "A call"})
    await world.maya.submits()
    await world.settle()
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Update")
    await world.maya.fills({"What is new?": "The customer replied", "Details": "Here"})
    await world.maya.submits()
    await world.settle()
    assert "waiting for" not in world.card.text
    assert "Resolution due" in world.card.text


async def test_the_reporter_learns_when_the_case_will_be_claimed(claimed: World) -> None:
    assert "A manager will claim it by <!date^" in claimed.ana.dms()[0].text
