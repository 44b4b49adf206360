"""Commands, presses and forms that arrive twice take effect once."""

from datetime import timedelta

import pytest

from bot.case import Status
from bot.case.event import EventKind
from bot.errors import NoSuchCase
from tests.handlers.actions import (
    SOLVED,
    assert_no_duplicates,
    escalates_and_claims,
    fills_escalation_form,
    kinds,
)
from tests.world import SUPPORT, World, a_world


async def test_a_form_sent_twice_at_once_opens_one_case(database_url: str) -> None:
    async with a_world(database_url, mode="http") as world:
        await fills_escalation_form(world)
        await world.ana.submits(times=2)
        await world.settle()
        assert await kinds(world) == [EventKind.OPENED]
        with pytest.raises(NoSuchCase):
            await world.case(2)
        assert_no_duplicates(world)


async def test_a_form_that_slack_resends_a_day_later_opens_no_case(quick_world: World) -> None:
    await fills_escalation_form(quick_world)
    await quick_world.ana.submits()
    for pause in (0, 60, 300, 86_400):  # the pauses between Slack's retries, then a day
        quick_world.clock.advance(timedelta(seconds=pause))
        assert (await quick_world.slack.dispatch.resend_last()).error is None
    with pytest.raises(NoSuchCase):
        await quick_world.case(2)


async def test_a_second_form_with_the_same_text_opens_a_case_after_confirmation(
    quick_world: World,
) -> None:
    for _ in range(2):
        await fills_escalation_form(quick_world)
        await quick_world.ana.submits()
    assert quick_world.ana.errors == {
        "What happened?": "You just escalated the same problem as ESC-1. Submit again to open "
        "another case."
    }
    assert (await quick_world.slack.dispatch.resend_last()).error is None
    with pytest.raises(NoSuchCase):
        await quick_world.case(2)
    await quick_world.ana.submits()
    assert (await quick_world.case(2)).summary == "Nobody can log in"


async def test_a_claim_pressed_twice_takes_effect_once(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.card, times=2)
    assert (await world.slack.dispatch.resend_last()).error is None
    await world.settle()
    assert await kinds(world) == [EventKind.OPENED, EventKind.CLAIMED]
    assert set(world.maya.ephemerals) == {
        "You now own ESC-1. Read its history, then call the customer."
    }
    assert_no_duplicates(world)


async def test_a_claim_resent_after_the_case_was_resolved_changes_nothing(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.leo.presses("Claim", on=world.card)
    await world.settle()
    await world.leo.presses("Resolve", on=world.card)
    await world.leo.fills(SOLVED)
    await world.leo.submits()
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    for _ in range(3):
        assert (await world.slack.dispatch.resend_last()).error is None
    await world.settle()
    assert (await kinds(world)).count(EventKind.CLAIMED) == 1
    assert (await kinds(world))[-1] is EventKind.RESOLVED
    assert (await world.case()).owner == "U0LEO"
    assert "is already resolved" in world.maya.ephemerals[-1]
    assert_no_duplicates(world)


async def test_a_slow_double_press_leaves_one_form_and_one_resolution(quick_world: World) -> None:
    world, maya = quick_world, quick_world.maya
    await escalates_and_claims(world)
    await maya.presses("Resolve", on=world.card)
    await maya.presses("Resolve", on=world.card)
    await maya.fills(SOLVED)
    await maya.submits()
    assert maya.modal is None
    assert (await world.slack.dispatch.resend_last()).error is None
    await world.settle()
    assert (await kinds(world)).count(EventKind.RESOLVED) == 1
    assert_no_duplicates(world)


async def test_a_resolve_form_sent_twice_at_once_resolves_once_without_an_error(
    database_url: str,
) -> None:
    async with a_world(database_url, mode="http") as world:
        await escalates_and_claims(world)
        await world.maya.presses("Resolve", on=world.card)
        await world.maya.fills(SOLVED)
        await world.maya.submits(times=2)
        assert world.maya.modal is None
        await world.settle()
        assert (await kinds(world)).count(EventKind.RESOLVED) == 1
        assert_no_duplicates(world)


async def test_a_resolve_form_submitted_after_another_manager_resolved_the_case_shows_an_error(
    quick_world: World,
) -> None:
    world = quick_world
    await escalates_and_claims(world)
    for person in (world.maya, world.leo):
        await person.presses("Resolve", on=world.card)
        await person.fills({**SOLVED, "What was the outcome?": f"Written by {person.id}"})
    await world.leo.submits()
    await world.maya.submits()
    assert "is already resolved" in world.maya.errors["What was the outcome?"]
    assert (await world.case()).outcome == "Written by U0LEO"


async def test_a_reopen_form_sent_twice_reopens_once(quick_world: World) -> None:
    world = quick_world
    await escalates_and_claims(world)
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.settle()
    await world.ana.presses("Reopen", on=world.card)
    await world.ana.fills({"Why does it need more work?": "It is back"})
    await world.ana.submits(times=2)
    assert (await world.slack.dispatch.resend_last()).error is None
    await world.settle()
    assert (await kinds(world)).count(EventKind.REOPENED) == 1
    assert (await world.case()).status is Status.CLAIMED
    assert_no_duplicates(world)
