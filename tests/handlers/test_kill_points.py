"""A sender killed between any two steps: each message still arrives exactly once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest

from bot.case import Case
from bot.delivery import Outcome
from bot.people import CaseId, ChannelId, Person, Standing, UserId
from bot.team import read_team
from handlers.cli.config import apply_document
from handlers.slack.outgoing.compose import compose, thread_named
from handlers.slack.outgoing.deliver import LEASE, Deliverer
from handlers.slack.outgoing.find_sent import find_sent
from handlers.slack.outgoing.post import send
from storage import Transaction
from storage.due import Due
from storage.sending.lease import LeasedDelivery
from tests.builders import ANA, a_new_case
from tests.handlers.actions import assert_no_duplicates, escalates, posted
from tests.world import SUPPORT, TEAM, WORKSPACE, World, a_world

SECOND = timedelta(seconds=1)


@pytest.fixture
async def db_world(database_url: str) -> AsyncIterator[World]:
    """A world on each of the two databases."""
    async with a_world(database_url, mode="socket") as world:
        yield world


async def leases(world: World) -> list[LeasedDelivery]:
    return await world.store.lease(WORKSPACE, lasting=LEASE, limit=10)


async def killed_after_leasing(world: World) -> None:
    await leases(world)


async def killed_after_composing(world: World) -> None:
    for pending in await leases(world):
        await world.store.of(WORKSPACE).read(compose, pending.delivery.key)


async def killed_after_sending(world: World) -> None:
    for pending in await leases(world):
        message = await world.store.of(WORKSPACE).read(compose, pending.delivery.key)
        assert not isinstance(message, Outcome)
        await send(world.baton.client, WORKSPACE, pending.delivery, message, pending.stamp)


async def killed_during_the_lookup(world: World) -> None:
    await killed_after_sending(world)
    world.clock.advance(LEASE)
    for pending in await leases(world):
        if pending.attempt.looks:  # an edit is repeated without a lookup
            thread = await world.store.of(WORKSPACE).read(thread_named, pending.delivery.key)
            await find_sent(world.baton.client, WORKSPACE, pending.delivery, thread)


async def killed_before_sending_and_again_before_the_lookup(world: World) -> None:
    await leases(world)
    world.clock.advance(LEASE)
    await leases(world)


async def cancelled_by_the_loop(world: World) -> None:
    deliverer = Deliverer(world.store, world.baton.client, WORKSPACE)
    await deliverer.run()
    for task in list(deliverer._under_way):
        task.cancel()
    await deliverer.drain()


POINTS: list[Callable[[World], Awaitable[None]]] = [
    killed_after_leasing,
    killed_after_composing,
    killed_after_sending,
    killed_during_the_lookup,
    killed_before_sending_and_again_before_the_lookup,
    cancelled_by_the_loop,
]


@pytest.mark.parametrize("killed", POINTS)
async def test_a_message_arrives_once_although_its_sender_was_killed(
    db_world: World, killed: Callable[[World], Awaitable[None]]
) -> None:
    await escalates(db_world)
    await killed(db_world)
    await passes(db_world, 300)
    assert len(posted(db_world)) == 3  # the card, the summary in its thread and the receipt
    assert_no_duplicates(db_world)
    await db_world.maya.types("/baton claim 1", channel=SUPPORT)
    await killed(db_world)
    await passes(db_world, 300)
    assert "Owner: <@U0MAYA>" in db_world.card.text
    assert len(posted(db_world)) == 5
    assert_no_duplicates(db_world)


async def passes(world: World, seconds: int, *, step: int = 10) -> None:
    for _ in range(seconds // step):
        await world.baton.catch_up()
        world.clock.advance(step * SECOND)


async def test_duplicates_are_deleted_although_the_first_sweep_was_killed(db_world: World) -> None:
    db_world.slack.faults.next("chat.postMessage", "late", times=2, seconds=110)
    await escalates(db_world)
    await passes(db_world, 100)
    db_world.clock.advance(50 * SECOND)
    assert await db_world.store.sweeps(WORKSPACE, lasting=LEASE, limit=10)
    await passes(db_world, 200)
    assert_no_duplicates(db_world)
    assert len(posted(db_world)) == 3


async def test_two_processes_send_each_message_once(db_world: World) -> None:
    await escalates(db_world)
    other = Deliverer(db_world.store, db_world.baton.client, WORKSPACE)
    for _ in range(30):
        await asyncio.gather(db_world.baton.deliverer.run(), other.run())
        await asyncio.gather(db_world.baton.deliverer.drain(), other.drain())
        db_world.clock.advance(SECOND)
    assert len(db_world.slack.calls.to("chat.postMessage")) == 3


async def test_two_processes_combine_nudges_into_one_message(db_world: World) -> None:
    await db_world.store.of(WORKSPACE).run(open_cases, "Support", 8)
    await passes(db_world, 60, step=1)
    db_world.clock.advance(timedelta(hours=3))
    await db_world.store.of(WORKSPACE).run(tick_all, 8)
    other = Deliverer(db_world.store, db_world.baton.client, WORKSPACE)
    await asyncio.gather(db_world.baton.deliverer.run(), other.run())
    await asyncio.gather(db_world.baton.deliverer.drain(), other.drain())
    await passes(db_world, 120)
    assert len([it for it in db_world.cards() if "cases need attention" in it.text]) == 1


def open_cases(tx: Transaction, team: str, number: int, *, by: Person = ANA) -> None:
    found = tx.teams.named(team)
    assert found is not None
    for one in range(number):
        wanted = a_new_case(customer=f"{team} {one}")
        tx.cases.add(Case.open(wanted, found, id_=tx.cases.next_id(), by=by, at=tx.now))


def tick_all(tx: Transaction, number: int) -> None:
    for one in range(1, number + 1):
        tx.cases.get(CaseId(one)).tick(at=tx.now)


async def test_after_an_outage_the_nudges_of_many_cases_become_a_few_messages(
    sqlite_url: str, thorough: bool
) -> None:
    channels, each = (20, 25) if thorough else (6, 20)
    async with a_world(sqlite_url, mode="socket", team=None) as world:
        names = [f"T{number:02}" for number in range(channels)]
        for name in names:
            members = ["U0MAYA", "U0LEO", "U0BATON"]
            world.slack.workspace.add_channel(f"C0{name}", name.lower(), members=members)
            world.slack.workspace.add_person(f"U0{name}", name)
            await world.store.of(WORKSPACE).run(put_team, name)
            reporter = Person(UserId(f"U0{name}"), standing=Standing.MEMBER)
            await world.store.of(WORKSPACE).run(open_cases, name, each, by=reporter)
        await settled(world)
        world.clock.advance(timedelta(hours=6))
        calls = len(world.slack.calls)
        await passes(world, 30, step=1)
        for name in names:
            [summary] = [it for it in cards_in(world, name) if "cases need attention" in it]
            assert f"*{each} cases need attention*" in summary
            assert summary.count(f"· {name} ") == each
        sent = [it for it in world.slack.calls[calls:] if it.method == "chat.postMessage"]
        per_person = -(-channels * each // 40)  # a DM to Maya or Leo lists up to 40 cases
        assert len(sent) <= channels + 2 * per_person
        assert_each_once(world)


def put_team(tx: Transaction, name: str) -> None:
    source = TEAM.replace('"Support"', f'"{name}"').replace("C0SUPPORT", f"C0{name}")
    apply_document(tx, source, read_team(source), ChannelId(f"C0{name}"), by="a test")


async def settled(world: World) -> None:
    for _ in range(600):
        await world.baton.catch_up()
        world.clock.advance(SECOND)
        if await world.store.query_all(Due.waiting) == 0:
            return
    raise AssertionError("the outbox does not become empty")


def cards_in(world: World, name: str) -> list[str]:
    return [it.text for it in world.maya.sees(f"C0{name}") if not it.only_for]


def assert_each_once(world: World) -> None:
    markers = [str(it.metadata) for it in posted(world)]
    assert len(markers) == len(set(markers))
