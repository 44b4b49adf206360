"""The host's clock is days ahead and is put right: everything continues as if it had not been."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import func, select

from bot.case.event import EventKind
from bot.sla import ClockState, Metric
from handlers.jobs.groups import refresh_groups
from handlers.jobs.members import refresh_people
from handlers.jobs.schedule import SECOND, keeping_time
from handlers.sandbox import Message
from storage import Transaction
from storage.due import Due
from storage.store import wall_clock
from storage.tables import group_reads, people, slack_contacts
from tests.builders import berlin
from tests.handlers.actions import assert_each_once, kinds
from tests.handlers.jobs.test_digest import digests
from tests.handlers.test_process import eventually
from tests.world import SUPPORT, WORKSPACE, World, a_world, second_process

DAYS = timedelta(days=3)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with a_world(database_url, mode="socket") as world:
        yield world


async def minutes_pass(world: World, count: int) -> None:
    for _ in range(4 * count):
        await world.baton.catch_up()
        world.clock.advance(MINUTE / 4)


async def jump_ahead(world: World) -> None:
    """Set the host's clock three days ahead. What Slack said about people is then outdated."""
    world.host.ahead = DAYS
    await refresh_people(world.store, world.baton.client, WORKSPACE)
    await refresh_groups(world.store, world.baton.client, WORKSPACE)


def card(world: World) -> Message:
    return next(it for it in world.cards() if it.text.startswith("ESC-1"))


async def test_messages_are_sent_within_minutes_after_the_clock_is_put_right(world: World) -> None:
    await world.escalates(world.ana)
    await jump_ahead(world)
    world.slack.faults.next("chat.postMessage", "ratelimited", retry_after=30, times=3)
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    await world.baton.catch_up()
    world.host.ahead = timedelta(0)
    await minutes_pass(world, 5)
    assert any("claimed ESC-1" in it.text for it in world.maya.thread(card(world)))
    assert await world.store.query_all(Due.waiting) == 0
    assert_each_once(world)


async def test_a_restart_puts_right_what_an_earlier_process_stored(
    database_url: str, world: World
) -> None:
    await world.escalates(world.ana)
    await jump_ahead(world)
    world.slack.faults.next("chat.postMessage", "ratelimited", retry_after=30, times=3)
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    await world.baton.catch_up()
    world.host.ahead = timedelta(0)
    assert await world.store.query_all(Due.ahead) > timedelta(days=2)
    async with second_process(world, database_url) as again:
        await minutes_pass(again, 5)
        assert any("claimed ESC-1" in it.text for it in again.maya.thread(card(again)))
        assert await again.store.query_all(Due.ahead) == timedelta(0)


async def test_a_message_in_doubt_is_found_and_not_sent_again(world: World) -> None:
    world.slack.faults.next("chat.postMessage", "reset_after", times=2)
    await jump_ahead(world)
    await world.ana.types("/escalate Nobody can log in", channel=SUPPORT)
    await world.ana.fills({"Customer": "Acme", "Why does it need a manager?": ["Risk"]})
    await world.ana.submits()
    await world.baton.catch_up()
    world.host.ahead = timedelta(0)
    await minutes_pass(world, 5)
    assert await world.store.query_all(Due.waiting) == 0
    assert_each_once(world)


async def test_a_breach_that_only_a_wrong_clock_declared_is_corrected(world: World) -> None:
    await world.escalates(world.ana)
    await jump_ahead(world)
    await minutes_pass(world, 2)
    assert EventKind.BREACHED in await kinds(world)
    world.host.ahead = timedelta(0)
    await minutes_pass(world, 3)
    case = await world.case()
    assert case.history[-1].kind is EventKind.CLOCK_CORRECTED
    assert case.history[-1].clocks == (Metric.CLAIM,)
    clock = case.clock(Metric.CLAIM)
    assert clock is not None
    assert clock.state is ClockState.PENDING
    assert clock.due_at == berlin("2026-03-02 09:15")
    assert "ESC-1 is not overdue" in world.maya.thread(card(world))[-1].text
    assert await world.store.of(WORKSPACE).read(breached, DAYS / 2, 2 * DAYS) == ()


def breached(tx: Transaction, since: timedelta, until: timedelta) -> tuple[int, ...]:
    """Return the cases that count as breached in a period, relative to now."""
    [team] = tx.teams.all()
    return tx.reports.figures(team.id, since=tx.now + since, until=tx.now + until).breached


async def test_after_the_correction_the_case_is_overdue_when_it_really_is(world: World) -> None:
    await world.escalates(world.ana)
    await jump_ahead(world)
    await minutes_pass(world, 2)
    world.host.ahead = timedelta(0)
    await minutes_pass(world, 1)
    await world.until(berlin("2026-03-02 09:16"))
    assert (await kinds(world))[-1] is EventKind.BREACHED
    assert "ESC-1 is overdue" in world.maya.thread(card(world))[-1].text
    assert await world.store.of(WORKSPACE).read(breached, -DAYS, 2 * DAYS) == (1,)


async def test_a_case_opened_while_the_clock_was_ahead_starts_when_it_was_put_right(
    world: World,
) -> None:
    await jump_ahead(world)
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=card(world))
    await world.settle()
    world.host.ahead = timedelta(0)
    await minutes_pass(world, 1)
    case = await world.case()
    assert case.opened_at < berlin("2026-03-02 09:30")
    assert case.history[1].at > berlin("2026-03-05 09:00")  # recorded events stay as they are
    claim = case.clock(Metric.CLAIM)
    assert claim is not None
    assert claim.state is ClockState.MET
    shown = await world.store.of(WORKSPACE).read(claim_readings)
    assert shown == [ClockState.MET]


def claim_readings(tx: Transaction) -> list[ClockState]:
    """Return the claim clock as reports compute it, from the events in the database."""
    [team] = tx.teams.all()
    [inputs] = tx.clock_inputs.following(0, team.id, since=tx.now - DAYS, limit=10)  # type: ignore[arg-type]
    policy = inputs.policy_in(team.document)
    return [it.state for it in inputs.clocks(policy, at=tx.now) if it.clock is Metric.CLAIM]


async def test_a_case_that_is_overdue_when_the_clock_is_put_right_stays_so(world: World) -> None:
    await world.escalates(world.ana)
    await jump_ahead(world)
    await minutes_pass(world, 2)
    world.clock.advance_to(berlin("2026-03-02 09:20"))
    world.host.ahead = timedelta(0)
    await minutes_pass(world, 1)
    assert (await kinds(world))[-2:] == [EventKind.CLOCK_CORRECTED, EventKind.BREACHED]
    assert await world.store.of(WORKSPACE).read(breached, -DAYS, 2 * DAYS) == (1,)


async def test_each_local_date_gets_its_digest_once(world: World) -> None:
    await jump_ahead(world)
    await world.until(berlin("2026-03-02 09:10"))
    assert "Thursday, 5" in digests(world)[0]
    world.host.ahead = timedelta(0)
    await world.settle()
    for day in (3, 4, 5, 6):
        await world.until(berlin(f"2026-03-{day:02} 09:00"))
    texts = digests(world)[1:]
    dates = ("Tuesday, 3", "Wednesday, 4", "Thursday, 5", "Friday, 6")
    assert len(texts) == len(dates)
    for text, date in zip(texts, dates, strict=True):
        assert date in text


async def test_a_digest_that_was_made_ahead_but_not_sent_is_dropped(world: World) -> None:
    world.slack.faults.rain("chat.postMessage", ["ratelimited"], share=1.0, seed=1, retry_after=60)
    await jump_ahead(world)
    await minutes_pass(world, 2)
    world.host.ahead = timedelta(0)
    world.slack.faults.clear()
    await minutes_pass(world, 5)
    assert digests(world) == []


async def test_jobs_run_on_after_the_hosts_clock_jumps_back() -> None:
    scheduler, runs = AsyncIOScheduler(timezone="UTC"), []
    scheduler.add_job(lambda: runs.append(1), "interval", seconds=SECOND)
    ahead = [DAYS]

    def host() -> datetime:
        return wall_clock() + (ahead.pop() if ahead else timedelta(0))

    async with keeping_time(scheduler, host):
        for job in scheduler.get_jobs():
            job.modify(next_run_time=job.next_run_time + DAYS)  # planned before the jump
        await eventually(lambda: len(runs) > 0)


async def test_roles_read_while_the_clock_was_ahead_do_not_last_for_days(world: World) -> None:
    await jump_ahead(world)
    await minutes_pass(world, 1)
    world.host.ahead = timedelta(0)
    await minutes_pass(world, 1)
    engine = world.store.database.reading
    with engine.connect() as connection:
        for column in (people.c.seen_at, group_reads.c.read_at, slack_contacts.c.answered_at):
            latest = connection.scalar(select(func.max(column)))
            assert latest is not None
            assert latest <= world.clock()
