"""Slack answers with errors for a while: every message arrives once, soon after Slack recovers."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.delivery import State
from bot.delivery.send_quota import ERRORS_OF_AN_OUTAGE
from handlers.sandbox import Message
from storage.due import Due
from tests.handlers.actions import assert_each_once, assert_no_duplicates
from tests.world import SUPPORT, WORKSPACE, World, a_world

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
LENGTHS = [8 * MINUTE, 15 * MINUTE, 60 * MINUTE, 1440 * MINUTE]
NOT_EXECUTED = ["server_error", "unavailable", "error:internal_error", "reset_before"]
PARTLY_EXECUTED = ["server_error_after", "reset_after", "server_error", "unavailable"]
QUESTION = "Is it there?"


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with a_world(database_url, mode="socket") as world:
        yield world


async def time_passes(world: World, length: timedelta) -> None:
    """Advance the clock in steps, short ones in the first ten minutes, and do what is due."""
    end, short_until = world.clock() + length, world.clock() + 10 * MINUTE
    while world.clock() < end:
        await world.baton.catch_up()
        short = world.clock() < short_until
        world.clock.advance(15 * SECOND if short else max(4 * MINUTE, length / 50))
    await world.baton.catch_up()


async def fill_form(world: World, customer: str) -> None:
    await world.ana.types("/escalate", channel=SUPPORT)
    await world.ana.fills(
        {
            "Customer": customer,
            "What happened?": f"{customer} cannot log in",
            "Why does it need a manager?": ["Risk"],
            "Priority": "Urgent",
        }
    )


async def escalate(world: World, customer: str) -> None:
    """Escalate a case, without waiting for its messages."""
    await fill_form(world, customer)
    await world.ana.submits()
    if world.ana.modal is not None:  # the cases resemble each other
        await world.ana.submits()
    assert world.ana.modal is None


async def unsettled(world: World) -> int:
    return await world.store.query_all(Due.waiting)


def everything(world: World) -> list[Message]:
    return [m for channel in world.slack.workspace.channels.values() for m in channel.messages]


@pytest.mark.parametrize("length", LENGTHS, ids=str)
@pytest.mark.parametrize("faults", [NOT_EXECUTED, PARTLY_EXECUTED], ids=["lost", "partly kept"])
async def test_every_recipient_gets_each_message_once_after_an_outage(
    quick_world: World, length: timedelta, faults: list[str]
) -> None:
    await survives_an_outage(quick_world, length, faults)


async def test_an_outage_of_half_an_hour_leaves_nothing_open_on_either_database(
    world: World,
) -> None:
    await survives_an_outage(world, 30 * MINUTE, PARTLY_EXECUTED)


async def survives_an_outage(world: World, length: timedelta, faults: list[str]) -> None:
    await world.escalates(world.ana, Customer="Before")
    await fill_form(world, "During")
    world.slack.faults.rain("*", faults, share=1.0, seed=7)
    await world.ana.submits()
    await world.baton.catch_up()
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    await time_passes(world, length)
    world.slack.faults.clear()
    await time_passes(world, 5 * MINUTE)
    await world.settle()
    assert_each_once(world)
    assert not any(QUESTION in message.text for message in everything(world))
    assert not await world.store.query_all(Due.findings)
    assert not await world.store.query_all(Due.in_trouble)
    [before, during] = [it for it in world.cards() if it.text.startswith("ESC-")]
    assert "Owner: <@U0MAYA>" in before.text
    assert "During" in during.text
    assert any("claimed" in it.text for it in world.maya.thread(before))


async def test_during_an_outage_only_the_first_few_messages_are_tried(world: World) -> None:
    world.slack.faults.rain("chat.postMessage", ["unavailable"], share=1.0, seed=7)
    world.slack.faults.rain("conversations.history", ["unavailable"], share=1.0, seed=7)
    for number in range(30):
        await escalate(world, f"Customer {number}")
        world.clock.advance(10 * SECOND)
        await world.baton.catch_up()
    calls = len(world.slack.calls.to("chat.postMessage"))
    assert calls <= ERRORS_OF_AN_OUTAGE + 30 * 10 // 15
    assert await world.store.query_all(Due.outages) == [WORKSPACE]
    world.slack.faults.clear()
    await time_passes(world, 2 * MINUTE)
    await world.settle()
    assert await world.store.query_all(Due.outages) == []
    assert await unsettled(world) == 0
    assert_no_duplicate_cards(world, 30)


def assert_no_duplicate_cards(world: World, count: int) -> None:
    assert_each_once(world)
    assert len(world.cards()) == count


async def test_reminders_after_an_outage_are_current_and_sent_once(world: World) -> None:
    await world.escalates(world.ana)
    world.slack.faults.rain("*", ["server_error"], share=1.0, seed=7)
    await time_passes(world, 60 * MINUTE)  # the claim target of 15 minutes passes
    world.slack.faults.clear()
    await time_passes(world, 5 * MINUTE)
    assert await unsettled(world) == 0
    assert_no_duplicates(world)
    assert any("overdue" in it.text for it in world.maya.thread(world.card))


async def test_a_search_that_fails_with_an_unknown_error_ends_after_five_tries(
    world: World,
) -> None:
    world.slack.faults.next("chat.postMessage", "reset_after", times=1)
    world.slack.faults.rain("conversations.history", ["error:method_deprecated"], share=1.0, seed=7)
    await escalate(world, "Acme")
    await time_passes(world, 5 * MINUTE)
    in_trouble = await world.store.query_all(Due.in_trouble)
    assert in_trouble == {State.HELD: 1}


async def test_a_pause_of_centuries_lasts_an_hour(world: World) -> None:
    world.slack.faults.next("chat.postMessage", "ratelimited", retry_after=10**29, times=2)
    await escalate(world, "Acme")
    await world.baton.catch_up()
    await time_passes(world, 61 * MINUTE)
    await world.settle()
    assert len(world.cards()) == 1
