"""A case that this version cannot read is named as such, and everything else goes on."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from sqlalchemy import text

from bot.case.event import EventKind
from bot.people import UserId
from bot.reports.period import Period
from handlers.jobs.self_check import run_self_check
from handlers.jobs.tick import tick_due_cases
from handlers.report import report_of
from handlers.slack.features.lookup.home import queue_home
from tests.world import RANDOM, SUPPORT, TEAM, WORKSPACE, World, a_world

UNREADABLE = "ESC-2 cannot be read by this version of Baton"

BROKEN = {
    "a case": "UPDATE cases SET status = 'frozen' WHERE id = 2",
    "its reasons": "UPDATE cases SET reasons = 'weather' WHERE id = 2",
    "a clock": "UPDATE clocks SET metric = 'handshake' WHERE \"case\" = 2 AND metric = 'claim'",
    "its card": "UPDATE deliveries SET audience = 'robots' WHERE key = 'case/2/card'",
    "an event": 'INSERT INTO events (workspace, "case", number, kind, at, note, clocks, steps, '
    "goodwill, stages, next_step, changes) SELECT workspace, \"case\", 99, 'frozen', at, '', '', "
    "'', 0, '', '', changes FROM events WHERE \"case\" = 2 AND number = 1",
}
"""Words that a newer version may have stored, in each part of a case."""


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """Three unclaimed cases, the second of which is about to become unreadable."""
    async with a_world(database_url, mode="socket") as world:
        for customer in ("Acme", "Beta", "Gamma"):
            await world.escalates(world.ana, Customer=customer)
            world.clock.advance(timedelta(minutes=2))
        yield world


async def alter(world: World, sql: str) -> None:
    await world.store.writing.run(lambda session: session.execute(text(sql)))


async def types(world: World, command: str) -> str:
    await world.maya.types(command, channel=SUPPORT)
    return world.maya.sees(SUPPORT)[-1].words


async def self_check(world: World) -> None:
    async with ClientSession() as session:
        await run_self_check(world.store, WORKSPACE, session, None)
    await world.settle()


@pytest.mark.parametrize("part", BROKEN)
async def test_the_board_the_home_tab_and_the_digest_name_it_and_show_the_others(
    world: World, part: str
) -> None:
    await world.maya.opens_home()
    await alter(world, BROKEN[part])
    for command in ("/baton", "/baton mine"):
        answer = await types(world, command)
        if command == "/baton":
            assert "ESC-1" in answer
            assert "ESC-3" in answer
            assert UNREADABLE in answer
    await world.store.of(WORKSPACE).run(queue_home, UserId("U0MAYA"))
    await world.settle()
    home = str(world.maya.home)
    assert "ESC-1" in home
    assert "ESC-3" in home
    assert UNREADABLE in home
    await world.later(hours=24)
    [digest] = [it.words for it in world.cards() if "Open now" in it.words]
    assert "ESC-1" in digest
    assert "ESC-3" in digest
    assert UNREADABLE in digest


@pytest.mark.parametrize("part", BROKEN)
async def test_it_answers_that_it_cannot_be_read_and_the_others_work(
    world: World, part: str
) -> None:
    await alter(world, BROKEN[part])
    assert UNREADABLE in await types(world, "/baton 2")
    assert UNREADABLE in await types(world, "/baton claim 2")
    await world.maya.presses("Claim", on=world.cards()[1])
    assert UNREADABLE in world.maya.sees(SUPPORT)[-1].words
    await world.maya.presses("Claim", on=world.cards()[0])
    assert (await world.case(1)).owner == "U0MAYA"
    assert "ESC-3" in await types(world, "/baton find log")
    assert "ESC-1" in await types(world, "/baton customer acme")
    await types(world, "/baton report")
    workspace = world.store.of(WORKSPACE)
    team, now = (await world.case(1)).team, world.clock()
    period = Period.week(now, team.document.team.timezone)
    assert await report_of(workspace, team, period)
    await world.escalates(world.ana, Customer="Delta")
    assert (await world.case(4)).customer == "Delta"


@pytest.mark.parametrize("part", BROKEN)
async def test_it_is_put_off_and_reported_once_until_it_can_be_read_again(
    world: World, part: str, caplog: pytest.LogCaptureFixture
) -> None:
    leads_before = len(world.leo.dms())
    await alter(world, BROKEN[part])
    world.clock.advance(timedelta(minutes=20))  # all claims are overdue
    for _ in range(5):
        await tick_due_cases(world.store)
        world.clock.advance(timedelta(seconds=1))
    await world.settle()
    lines = [it for it in caplog.records if UNREADABLE in it.getMessage()]
    assert len(lines) == 1
    assert "Traceback" not in caplog.text
    for number in (1, 3):
        assert (await world.case(number)).history[-1].kind is EventKind.BREACHED
    for _ in range(3):
        await self_check(world)
    found = [it.text for it in world.leo.dms()[leads_before:] if "cannot read" in it.text]
    assert len(found) == 1
    assert "ESC-2" in found[0]
    if part == "an event":
        return  # a history only grows
    await alter(world, REPAIRED[part])
    await self_check(world)
    assert any("Fixed" in it.text for it in world.leo.dms()[leads_before:])
    await world.settle()
    assert (await world.case(2)).history[-1].kind is EventKind.BREACHED


REPAIRED = {
    "a case": "UPDATE cases SET status = 'open' WHERE id = 2",
    "its reasons": "UPDATE cases SET reasons = 'risk' WHERE id = 2",
    "a clock": "UPDATE clocks SET metric = 'claim' WHERE \"case\" = 2 AND metric = 'handshake'",
    "its card": "UPDATE deliveries SET audience = 'channel' WHERE key = 'case/2/card'",
}


async def test_its_reminder_says_that_it_cannot_be_read(world: World) -> None:
    world.clock.advance(timedelta(minutes=20))
    await tick_due_cases(world.store)  # the reminders are queued
    await alter(world, BROKEN["a case"])
    await world.settle()
    heard = [it.words for it in world.slack.workspace.channel(SUPPORT).messages if it.is_reply]
    assert any(UNREADABLE in it for it in heard)


async def test_a_message_of_an_unknown_kind_does_not_hold_up_the_others(world: World) -> None:
    await alter(
        world, "UPDATE deliveries SET kind = 'song', due_at = owed_at WHERE key = 'case/2/card'"
    )
    await world.maya.presses("Claim", on=world.cards()[0])
    for _ in range(5):
        await world.baton.catch_up()
        world.clock.advance(timedelta(seconds=2))
    assert "Owner: <@U0MAYA>" in world.cards()[0].text


async def test_a_team_file_that_cannot_be_read_does_not_stop_the_other_teams(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    other = TEAM.replace('"Support"', '"Billing"').replace(SUPPORT, RANDOM)
    await world.applies(other)
    await world.maya.types("/escalate", channel=RANDOM)
    await world.maya.closes()
    await alter(world, """UPDATE teams SET document = '{"weather": 1}' WHERE name = 'Support'""")
    assert "cannot be read by this version" in await types(world, "/baton")
    await world.maya.types("/baton", channel=RANDOM)
    assert "Billing" in world.maya.sees(RANDOM)[-1].words
    await world.later(hours=25)
    assert any("Billing" in it.words for it in world.cards(RANDOM))  # its digest
    await self_check(world)
    found = [it.text for it in world.leo.dms() if "missing a digest: Support" in it.text]
    assert len(found) == 1
    assert "Traceback" not in caplog.text
