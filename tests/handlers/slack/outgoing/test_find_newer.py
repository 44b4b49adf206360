"""A database that is older than what Baton sent to Slack sends nothing until an operator acts."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from handlers.cli.doctor.command import find_problems
from handlers.cli.restored import mark_restored
from handlers.process import Part, running
from handlers.slack.outgoing.delivery_marker import is_delivery
from storage.database.migrate import migrate
from tests.copies import copy_rows
from tests.handlers.actions import (
    escalates,
    fills_escalation_form,
    posted,
    settles_slowly,
)
from tests.world import SUPPORT, TEAM, WORKSPACE, World, a_world, settings_for

HELD = "Slack has messages from Baton that its database does not know"
CANNOT_CHECK = "cannot check whether the database was restored"


@asynccontextmanager
async def started_on(world: World, database_url: str) -> AsyncIterator[World]:
    """Start a process on a database; from now on it receives Slack's requests."""
    settings = settings_for(world.slack, database_url, mode="http")
    async with running(settings, Part.ALL, world.host, ticking=False) as baton:
        world.slack.request_url = f"{baton.url}/slack/events"
        yield World(world.clock, world.host, world.slack, baton)


async def opens_another_case(world: World) -> None:
    world.clock.advance(timedelta(minutes=2))
    await world.escalates(world.ana, Customer="Beta")


async def claims_the_case(world: World) -> None:
    await world.maya.presses("Claim", on=world.card)
    await world.settle()


@pytest.mark.parametrize("then", [opens_another_case, claims_the_case])
async def test_a_restored_database_sends_nothing_until_baton_restored_has_run(
    database_url: str,
    empty_url: str,
    then: Callable[[World], Awaitable[None]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    migrate(empty_url)
    async with a_world(database_url, mode="http") as world:
        await world.escalates(world.ana)
        copy_rows(database_url, empty_url)  # the backup
        await then(world)
        before = posted(world)
        for number, customer in ((1_002, "Gamma"), (1_003, "Delta")):  # each start says it
            caplog.clear()
            async with started_on(world, empty_url) as again:
                assert HELD in caplog.text
                assert "run baton restored" in caplog.text
                await fills_escalation_form(again)
                await again.ana.fills({"Customer": customer})
                await again.ana.submits()
                await settles_in_vain(again)
                assert (await again.case(number)).customer == customer  # 2 may be in Slack
        assert posted(world) == before
        problems = [
            it async for it in find_problems(settings_for(world.slack, empty_url, mode="http"))
        ]
        assert any(HELD in it for it in problems)
        mark_restored(empty_url, world.clock)
        caplog.clear()
        async with started_on(world, empty_url) as again:
            assert HELD not in caplog.text
            await settles_slowly(again)
            assert len(posted(world)) > len(before)
            assert_no_duplicates_in_all(again)


async def settles_in_vain(world: World) -> None:
    for _ in range(10):
        await world.baton.catch_up()
        world.clock.advance(timedelta(seconds=30))


def assert_no_duplicates_in_all(world: World) -> None:
    markers = [str(message.metadata) for message in posted(world)]
    assert len(markers) == len(set(markers))


async def test_a_message_whose_answer_was_lost_is_no_false_alarm(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(database_url, mode="http") as world:
        world.slack.faults.next("chat.postMessage", "reset_after", times=3)
        await escalates(world)
        await world.baton.catch_up()
        async with started_on(world, database_url) as again:
            await settles_slowly(again)
            assert HELD not in caplog.text
            assert len(again.cards()) == 1


async def test_messages_of_another_installation_with_the_same_bot_do_not_count(
    database_url: str, empty_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    migrate(empty_url)
    async with a_world(database_url, mode="http") as world:
        await world.escalates(world.ana)
        async with started_on(world, empty_url) as other:
            await other.applies(TEAM)
        for _ in range(2):
            async with started_on(world, empty_url) as other:
                world.clock.advance(timedelta(minutes=2))
                await other.escalates(world.ana, Customer="Beta")
        async with started_on(world, database_url) as again:
            await again.escalates(world.ana, Customer="Gamma")
        assert HELD not in caplog.text


@pytest.mark.parametrize("fault", ["error:missing_scope", "error:not_in_channel", "reset_before"])
async def test_without_the_history_baton_sends_and_says_that_it_cannot_check(
    sqlite_url: str, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(sqlite_url, mode="http") as world:
        await world.escalates(world.ana)
        world.slack.faults.next("conversations.history", fault, times=5)
        async with started_on(world, sqlite_url) as again:
            assert f"channel {SUPPORT}: {CANNOT_CHECK}" in caplog.text
            world.clock.advance(timedelta(minutes=2))
            await again.escalates(world.ana, Customer="Beta")
            assert len(again.cards()) == 2


async def test_a_start_reads_each_team_channel_once(sqlite_url: str) -> None:
    async with a_world(sqlite_url, mode="http") as world:
        await world.applies(TEAM.replace('"Support"', '"Second"'))
        before = reads(world)
        async with started_on(world, sqlite_url):
            assert reads(world) == before + 1


def reads(world: World) -> int:
    return [it.method for it in world.slack.calls].count("conversations.history")


async def test_a_message_marked_by_an_earlier_release_is_found(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    card = (await world.case()).card
    name = str((world.card.metadata or {})["event_payload"]["delivery"])
    marked = {"blocks": [{"type": "divider", "block_id": f"o:{name[:16]}:1"}]}
    assert is_delivery(WORKSPACE, card, marked)
