"""Clocks, as people meet them: on the card, in forms, in nudges, and accounted for."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from handlers.sandbox import Message
from tests.builders import berlin
from tests.world import SUPPORT, TEAM, World, a_world

PROMISES = TEAM.replace(
    '{ claim = "15m" }',
    '{ claim = "15m", first_response = "1h", update = "2h", resolution = "4h" }',
)


@pytest.fixture
async def claimed(sqlite_url: str) -> AsyncIterator[World]:
    """Ana's urgent case with all its clocks, which Maya has claimed."""
    async with a_world(sqlite_url, mode="socket", team=PROMISES) as world:
        await is_claimed(world)
        yield world


async def is_claimed(world: World) -> None:
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.card)
    await world.settle()


def last(messages: list[Message]) -> str:
    return messages[-1].text


async def test_the_card_says_how_each_clock_stands(claimed: World) -> None:
    world = claimed
    for line in ("First response by <!date^", "Update by <!date^", "Resolution by <!date^"):
        assert line in world.card.text
    assert ":white_check_mark: In time: claim" in world.card.text


async def test_a_talk_with_the_customer_is_logged_in_one_short_form(claimed: World) -> None:
    world = claimed
    await world.maya.presses("Update", on=world.card)
    await world.maya.fills({"In a few words": "They know we are on it"})
    await world.maya.submits()
    await world.settle()
    assert "In time: claim, first response" in world.card.text
    assert "spoke with the customer" in last(world.maya.thread(world.card))
    assert "They know we are on it" in last(world.maya.thread(world.card))


async def test_a_case_waits_is_nudged_and_resumes(world: World) -> None:
    await world.applies(PROMISES)
    await is_claimed(world)
    until = int((world.clock() + timedelta(minutes=30)).timestamp())
    await world.maya.presses("Wait", on=world.card)
    await world.maya.fills(
        {"Until when, at the latest?": until, "What has to happen?": "They send a screenshot"}
    )
    await world.maya.submits()
    await world.settle()
    assert "waits on the customer until" in world.card.text
    assert "Resolution paused: waiting on the customer" in world.card.text
    assert world.maya.can_press(world.card)[1:3] == ["Resume", "Hand off"]

    await world.later(minutes=31)
    assert "was to wait is over. Resume it, or let it wait longer." in last(world.maya.dms())
    overdue = world.maya.dms()[-1]
    assert world.maya.can_press(overdue) == ["Resume", "Wait longer"]
    await world.maya.presses("Resume", on=overdue)
    await world.settle()
    assert "Resolution by" in world.card.text


async def test_a_resume_by_that_has_passed_is_told_under_its_field(claimed: World) -> None:
    world = claimed
    await world.maya.presses("Wait", on=world.card)
    past = int((world.clock() - timedelta(minutes=1)).timestamp())
    await world.maya.fills({"Until when, at the latest?": past, "What has to happen?": "A call"})
    await world.maya.submits()
    [(field, words)] = world.maya.errors.items()
    assert (field, "is in the past" in words) == ("Until when, at the latest?", True)


async def test_the_form_for_a_new_priority_shows_when_each_would_be_due(claimed: World) -> None:
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


async def test_an_owner_is_nudged_before_the_first_response_is_late(claimed: World) -> None:
    world = claimed
    await world.until(berlin("2026-03-02 09:48"))
    assert "Time runs out for *ESC-1* (Acme): first response by" in last(world.maya.dms())
    assert world.leo.dms() == []
    await world.until(berlin("2026-03-02 10:00"))
    assert "*ESC-1* (Acme) is late: first response due" in last(world.maya.dms())
    assert "<@U0MAYA> has it" in last(world.leo.dms())


async def test_why_accounts_for_each_due_time_line_by_line(claimed: World) -> None:
    world = claimed
    await world.ben.types("/baton why 1", channel=SUPPORT)
    told = world.ben.ephemerals[-1]
    assert "promised by the policy Standard" in told
    assert "*Resolution*: running" in told
    assert "• opened Mon 2 Mar 2026 09:00 in Europe/Berlin: target 4 h" in told
    await world.ben.presses("More", on=world.card)
    await world.ben.presses("Why these times?")
    assert world.ben.modal is not None
    assert "*First response*: running" in world.ben.modal.words


async def test_a_document_put_in_force_moves_the_open_cases(world: World) -> None:
    await world.applies(PROMISES)
    await is_claimed(world)
    before = world.card.text
    await world.applies(PROMISES.replace('resolution = "4h"', 'resolution = "2h"'))
    await world.settle()
    assert world.card.text != before
    resolution = (await world.case()).clocks[-1]
    assert resolution.due_at == berlin("2026-03-02 11:00")


async def test_the_board_shows_what_is_due_next(claimed: World) -> None:
    world = claimed
    await world.maya.types("/baton", channel=SUPPORT)
    assert "left for the first response" in world.maya.ephemerals[-1]


async def test_an_answer_of_the_customer_is_logged_while_the_case_waits(claimed: World) -> None:
    world = claimed
    until = int((world.clock() + timedelta(hours=3)).timestamp())
    await world.maya.presses("Wait", on=world.card)
    await world.maya.fills({"Until when, at the latest?": until, "What has to happen?": "A call"})
    await world.maya.submits()
    await world.settle()
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Update")
    await world.maya.fills({"What is new?": "The customer answered", "In a few words": "Here"})
    await world.maya.submits()
    await world.settle()
    assert "waits on" not in world.card.text
    assert "Resolution by" in world.card.text


async def test_the_reporter_reads_until_when_somebody_has_their_case(claimed: World) -> None:
    assert "A manager is to claim it by <!date^" in claimed.ana.dms()[0].text
