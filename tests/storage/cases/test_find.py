"""A locked case is up to date, even if the transaction loaded it before it got the lock."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from bot.case import Case, Status
from bot.delivery import DeliveryKind, Outcome, SendResult
from bot.people import CaseId, ChannelId
from bot.team import read_team
from handlers.cli.config import apply_document
from handlers.offboarding import reassign_open_cases
from handlers.sandbox import Clock
from handlers.slack.outgoing.settle import settle
from storage import Store, Transaction
from storage.sending.lease import LeasedDelivery
from tests.builders import ANA, LEO, MAYA, a_new_case
from tests.storage.cases.test_clock_inputs import DONE
from tests.world import SUPPORT, TEAM, WORKSPACE, a_store

ONE = CaseId(1)


@pytest.fixture
async def store(postgres_url: str, clock: Clock) -> AsyncIterator[Store]:
    """On PostgreSQL only: SQLite runs one writing transaction after the other."""
    async with a_store(postgres_url, clock) as store:
        yield store


def open_one(tx: Transaction) -> None:
    apply_document(tx, TEAM, read_team(TEAM), ChannelId(SUPPORT), by="a test")
    [team] = tx.teams.all()
    tx.cases.add(Case.open(a_new_case(), team, id_=tx.cases.next_id(), by=ANA, at=tx.now))


def claim(tx: Transaction) -> None:
    tx.cases.get(ONE).claim(by=MAYA, at=tx.now)


def resolve(tx: Transaction) -> None:
    tx.cases.get(ONE).resolve(DONE, by=LEO, at=tx.now)


def in_parallel(loop: asyncio.AbstractEventLoop, store: Store) -> Callable[..., None]:
    """Return a function that commits another transaction from within a running one."""

    def run(work: Callable[..., object], *args: object) -> None:
        other = store.of(WORKSPACE).run(work, *args)
        asyncio.run_coroutine_threadsafe(other, loop).result(timeout=60)

    return run


@pytest.mark.parametrize("several", [False, True])
async def test_a_case_loaded_before_it_was_locked_is_refreshed(store: Store, several: bool) -> None:
    workspace, meanwhile = store.of(WORKSPACE), in_parallel(asyncio.get_running_loop(), store)
    await workspace.run(open_one)

    def take(tx: Transaction) -> None:
        seen = tx.cases.look_up(ONE)
        [clock], known = seen.clocks, len(seen.history)
        assert clock.running
        meanwhile(claim)
        taken = tx.cases.get_all([ONE])[0] if several else tx.cases.get(ONE)
        assert taken is seen
        assert (taken.status, taken.owner) == (Status.CLAIMED, MAYA.user)
        assert len(taken.history) == known + 1
        assert taken.clocks == [clock]
        assert not clock.running

    await workspace.run(take)


async def test_releasing_a_leavers_case_queues_a_card_edit_even_if_one_was_just_sent(
    store: Store, clock: Clock
) -> None:
    workspace, meanwhile = store.of(WORKSPACE), in_parallel(asyncio.get_running_loop(), store)
    await workspace.run(open_one)
    await workspace.run(claim)
    sent = SendResult(Outcome.SENT, ts="1.1")
    card = await leased_card(store, clock)

    def leave(tx: Transaction) -> None:
        seen = tx.cases.owned_by(MAYA.user)
        meanwhile(settle, card.delivery.key, card.attempt, sent)
        reassign_open_cases(tx, MAYA.user, None)
        assert [case.owner for case in seen] == [None]

    await workspace.run(leave)
    shown = await workspace.read(lambda tx: tx.outbox.look_up(card.delivery.key))
    assert shown.due_at is not None


async def leased_card(store: Store, clock: Clock) -> LeasedDelivery:
    clock.advance(timedelta(seconds=2))
    leased = await store.lease(WORKSPACE, lasting=timedelta(seconds=90), limit=10)
    [card] = [pending for pending in leased if pending.delivery.kind is DeliveryKind.CARD]
    return card


async def test_a_case_resolved_while_its_owner_leaves_stays_resolved(store: Store) -> None:
    workspace, meanwhile = store.of(WORKSPACE), in_parallel(asyncio.get_running_loop(), store)
    await workspace.run(open_one)
    await workspace.run(claim)

    def leave(tx: Transaction) -> list[Case]:
        seen = tx.cases.owned_by(MAYA.user)
        meanwhile(resolve)
        assert len(seen) == 1
        return reassign_open_cases(tx, MAYA.user, None)

    assert await workspace.run(leave) == []
