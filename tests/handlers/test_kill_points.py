"""Whatever is killed, between whichever two steps: each message arrives, and arrives once."""

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
from tests.handlers.actions import assert_no_twins, escalates, posted
from tests.world import SUPPORT, TEAM, WORKSPACE, World, a_world

SECOND = timedelta(seconds=1)


@pytest.fixture
async def there(database_url: str) -> AsyncIterator[World]:
    """On both databases."""
    async with a_world(database_url, mode="socket") as world:
        yield world


async def leases(world: World) -> list[LeasedDelivery]:
    return await world.store.lease(WORKSPACE, lasting=LEASE, limit=10)


async def killed_with_the_lease(world: World) -> None:
    await leases(world)


async def killed_when_it_was_written(world: World) -> None:
    for pending in await leases(world):
        await world.store.of(WORKSPACE).read(compose, pending.delivery.key)


async def killed_when_slack_had_it(world: World) -> None:
    for pending in await leases(world):
        letter = await world.store.of(WORKSPACE).read(compose, pending.delivery.key)
        assert not isinstance(letter, Outcome)
        await send(world.baton.client, WORKSPACE, pending.delivery, letter)


async def killed_in_the_look_for_it(world: World) -> None:
    await killed_when_slack_had_it(world)
    world.clock.wind(LEASE)
    for pending in await leases(world):
        if pending.attempt.looks:  # an edit is simply made again
            thread = await world.store.of(WORKSPACE).read(thread_named, pending.delivery.key)
            await find_sent(world.baton.client, WORKSPACE, pending.delivery, thread)


async def killed_before_it_was_there_and_in_the_look(world: World) -> None:
    await leases(world)
    world.clock.wind(LEASE)
    await leases(world)


async def killed_by_the_loop(world: World) -> None:
    """The task is cancelled at its first chance."""
    deliverer = Deliverer(world.store, world.baton.client, WORKSPACE)
    await deliverer.run()
    for task in list(deliverer._under_way):
        task.cancel()
    await deliverer.drain()


POINTS: list[Callable[[World], Awaitable[None]]] = [
    killed_with_the_lease,
    killed_when_it_was_written,
    killed_when_slack_had_it,
    killed_in_the_look_for_it,
    killed_before_it_was_there_and_in_the_look,
    killed_by_the_loop,
]


@pytest.mark.parametrize("killed", POINTS)
async def test_a_message_survives_its_sender(
    there: World, killed: Callable[[World], Awaitable[None]]
) -> None:
    await escalates(there)
    await killed(there)
    await passes(there, 300)
    assert len(posted(there)) == 3  # the card, the story, the receipt
    assert_no_twins(there)
    await there.maya.types("/baton claim 1", channel=SUPPORT)
    await killed(there)
    await passes(there, 300)
    assert "<@U0MAYA> has it" in there.card.text
    assert len(posted(there)) == 5
    assert_no_twins(there)


async def passes(world: World, seconds: int, *, step: int = 10) -> None:
    for _ in range(seconds // step):
        await world.baton.catch_up()
        world.clock.wind(step * SECOND)


async def test_a_sweep_survives_its_sweeper(there: World) -> None:
    there.slack.faults.next("chat.postMessage", "late", times=2, seconds=110)
    await escalates(there)
    await passes(there, 100)
    there.clock.wind(50 * SECOND)
    assert await there.store.sweeps(WORKSPACE, lasting=LEASE, limit=10)
    await passes(there, 200)
    assert_no_twins(there)
    assert len(posted(there)) == 3


async def test_two_processes_send_each_message_once(there: World) -> None:
    await escalates(there)
    other = Deliverer(there.store, there.baton.client, WORKSPACE)
    for _ in range(30):
        await asyncio.gather(there.baton.deliverer.run(), other.run())
        await asyncio.gather(there.baton.deliverer.drain(), other.drain())
        there.clock.wind(SECOND)
    assert len(there.slack.calls.to("chat.postMessage")) == 3


async def test_what_is_gathered_is_gathered_once(there: World) -> None:
    await there.store.of(WORKSPACE).run(open_cases, "Support", 8)
    await passes(there, 60, step=1)
    there.clock.wind(timedelta(hours=3))
    await there.store.of(WORKSPACE).run(tick_all, 8)
    other = Deliverer(there.store, there.baton.client, WORKSPACE)
    await asyncio.gather(there.baton.deliverer.run(), other.run())
    await asyncio.gather(there.baton.deliverer.drain(), other.drain())
    await passes(there, 120)
    assert len([it for it in there.cards() if "cases need somebody" in it.text]) == 1


def open_cases(tx: Transaction, team: str, number: int, *, by: Person = ANA) -> None:
    found = tx.teams.named(team)
    assert found is not None
    for one in range(number):
        wanted = a_new_case(customer=f"{team} {one}")
        tx.cases.add(Case.open(wanted, found, id_=tx.cases.next_id(), by=by, at=tx.now))


def tick_all(tx: Transaction, number: int) -> None:
    for one in range(1, number + 1):
        tx.cases.get(CaseId(one)).tick(at=tx.now)


async def test_after_an_outage_many_cases_in_many_channels_are_told_in_a_few_messages(
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
        world.clock.wind(timedelta(hours=6))
        calls = len(world.slack.calls)
        await passes(world, 30, step=1)
        for name in names:
            [summary] = [it for it in cards_in(world, name) if "cases need somebody" in it]
            assert f"*{each} cases need somebody*" in summary
            assert summary.count(f"· {name} ") == each
        sent = [it for it in world.slack.calls[calls:] if it.method == "chat.postMessage"]
        to_one = -(-channels * each // 40)  # Maya and Leo hear of forty cases at a time
        assert len(sent) <= channels + 2 * to_one
        assert_each_once(world)


def put_team(tx: Transaction, name: str) -> None:
    source = TEAM.replace('"Support"', f'"{name}"').replace("C0SUPPORT", f"C0{name}")
    apply_document(tx, source, read_team(source), ChannelId(f"C0{name}"), by="a test")


async def settled(world: World) -> None:
    for _ in range(600):
        await world.baton.catch_up()
        world.clock.wind(SECOND)
        if await world.store.everywhere(Due.waiting) == 0:
            return
    raise AssertionError("what is owed does not come to an end")


def cards_in(world: World, name: str) -> list[str]:
    return [it.text for it in world.maya.sees(f"C0{name}") if not it.only_for]


def assert_each_once(world: World) -> None:
    marks = [str(it.metadata) for it in posted(world)]
    assert len(marks) == len(set(marks))
