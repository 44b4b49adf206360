"""Transactions: atomic, limited to one workspace, and safe under concurrency."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from bot.case import Case
from bot.delivery import DeliveryKind, Outcome, SendResult
from bot.errors import NoSuchCase
from bot.people import CaseId, ChannelId, WorkspaceId
from bot.team import read_team
from handlers.cli.config import apply_document
from handlers.sandbox import Clock
from handlers.slack.outgoing.settle import settle
from storage import Store, Transaction
from storage.due import Due
from storage.installations import Installation
from tests.builders import ANA, MAYA, a_new_case
from tests.world import SUPPORT, TEAM, WORKSPACE

ELSEWHERE = WorkspaceId("T0OTHER")


def put_team(tx: Transaction) -> None:
    apply_document(tx, TEAM, read_team(TEAM), ChannelId(SUPPORT), by="a test")


def open_one(tx: Transaction) -> CaseId:
    [team] = tx.teams.all()
    case = Case.open(a_new_case(), team, id_=tx.cases.next_id(), by=ANA, at=tx.now)
    tx.cases.add(case)
    return case.id


async def test_a_case_is_loaded_as_it_was_stored(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)
    number = await workspace.run(open_one)
    case = await workspace.read(lambda tx: tx.cases.look_up(number))
    assert (case.customer, case.reporter, case.reference) == ("Acme", ANA.user, "ESC-1")
    assert case.opened_at == store.clock()
    assert case.clocks[0].target == timedelta(minutes=15)
    assert case.team.name == "Support"
    assert case.card.channel == SUPPORT


async def test_what_fails_leaves_nothing_behind(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)

    def open_and_fail(tx: Transaction) -> None:
        open_one(tx)
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        await workspace.run(open_and_fail)
    assert await workspace.read(lambda tx: tx.cases.reported_by(ANA.user)) == []
    assert await workspace.run(open_one) == 1  # the number was given back


async def test_a_read_transaction_cannot_write(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)
    with pytest.raises(DBAPIError):
        await workspace.read(open_one)


async def test_a_workspace_cannot_see_another_ones_data(store: Store) -> None:
    other = store.of(ELSEWHERE)
    installation = Installation(ELSEWHERE, "Other", "https://other.slack.com/", "B1", "U1")
    await other.run(lambda tx: tx.installation.keep(installation))
    await store.of(WORKSPACE).run(put_team)
    number = await store.of(WORKSPACE).run(open_one)
    with pytest.raises(NoSuchCase):
        await other.read(lambda tx: tx.cases.look_up(number))
    assert await other.read(lambda tx: tx.teams.all()) == []


async def test_case_numbers_of_a_workspace_have_no_gaps(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)
    numbers = await asyncio.gather(*(workspace.run(open_one) for _ in range(20)))
    assert sorted(numbers) == list(range(1, 21))


async def test_concurrent_duplicates_of_a_request_take_effect_once(
    store: Store,
) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)

    def once(tx: Transaction) -> None:
        if not tx.inbox.mark_handled("view/V1"):
            open_one(tx)

    await asyncio.gather(*(workspace.run(once) for _ in range(8)))
    assert await workspace.run(open_one) == 2


async def test_a_retry_of_a_failed_request_is_handled(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)

    def fail(tx: Transaction) -> None:
        assert not tx.inbox.mark_handled("view/V1")
        open_one(tx)
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        await workspace.run(fail)
    assert not await workspace.run(lambda tx: tx.inbox.mark_handled("view/V1"))
    assert await workspace.run(lambda tx: tx.inbox.mark_handled("view/V1"))


async def test_only_due_cases_are_found(store: Store, clock: Clock) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)
    number = await workspace.run(open_one)
    assert await store.query_all(Due.cases, limit=10) == []
    clock.advance(timedelta(minutes=12))
    assert await store.query_all(Due.cases, limit=10) == [(WORKSPACE, 1, number)]
    await workspace.run(lambda tx: tx.cases.get(number).claim(by=MAYA, at=tx.now))
    assert await store.query_all(Due.cases, limit=10) == []


async def test_a_case_stays_readable_after_its_transaction(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)
    await workspace.run(open_one)
    case = await workspace.run(lambda tx: tx.cases.get(CaseId(1)))
    assert [event.number for event in case.history] == [1]
    assert case.policy.name == "Standard"


async def test_applying_a_document_again_adds_a_revision_and_open_cases_keep_theirs(
    store: Store,
) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)
    await workspace.run(open_one)
    await workspace.run(put_team)
    [team] = await workspace.read(lambda tx: tx.teams.all())
    case = await workspace.read(lambda tx: tx.cases.look_up(CaseId(1)))
    assert (team.revision, case.team_revision) == (2, 1)
    assert await workspace.read(lambda tx: tx.teams.source(team)) == TEAM


async def test_a_database_error_does_not_contain_customer_data(
    store: Store,
) -> None:
    with pytest.raises(DBAPIError) as error:
        await store.of(WORKSPACE).read(lambda tx: tx.drafts.keep("They are bankrupt"))
    assert "bankrupt" not in str(error.value)


async def test_a_card_that_changes_while_it_is_being_sent_is_queued_again(
    store: Store, clock: Clock
) -> None:
    """On PostgreSQL the two transactions run in parallel, and one waits for the other's lock."""
    workspace, sent = store.of(WORKSPACE), SendResult(Outcome.SENT, ts="1.1")
    await workspace.run(put_team)
    number = await workspace.run(open_one)
    for _ in range(40):
        clock.advance(timedelta(seconds=2))
        for pending in await store.lease(WORKSPACE, lasting=timedelta(seconds=90), limit=10):
            settled = workspace.run(settle, pending.delivery.key, pending.attempt, sent)
            if pending.delivery.kind is not DeliveryKind.CARD:
                await settled
                continue
            await asyncio.gather(settled, workspace.run(change_card, number))
            card = await workspace.read(lambda tx: tx.outbox.look_up("case/1/card"))
            assert card.due_at is not None


def change_card(tx: Transaction, number: CaseId) -> None:
    tx.cases.get(number).card.request_update(at=tx.now)


async def test_several_cases_are_locked_in_id_order_in_as_many_statements_as_one(
    store: Store,
) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)
    several = [await workspace.run(open_one) for _ in range(5)]

    def count_statements(tx: Transaction, numbers: list[CaseId]) -> int:
        with statements(store) as executed:
            cases = tx.cases.get_all(numbers)
            parts = [(it.id, len(it.clocks), len(it.tasks), len(it.history)) for it in cases]
        assert parts == [(number, 1, 0, 1) for number in sorted(numbers)]
        return len(executed)

    for_several = await workspace.run(count_statements, several[::-1])
    assert for_several == await workspace.run(count_statements, several[:1])


async def test_transactions_that_lock_the_same_cases_do_not_deadlock(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)
    some = [await workspace.run(open_one) for _ in range(8)]
    with statements(store) as executed:
        for _ in range(6):
            await asyncio.gather(
                workspace.run(change_cards, some), workspace.run(change_cards, some[::-1])
            )
    locks = [it for it in executed if "FROM cases JOIN deliveries" in it]
    assert len(locks) >= 12
    assert all("ORDER BY cases.id, deliveries.key" in it.replace('"', "") for it in locks)
    card = await workspace.read(lambda tx: tx.outbox.look_up("case/1/card"))
    assert card.wanted == 1 + 12


def change_cards(tx: Transaction, numbers: list[CaseId]) -> None:
    for case in tx.cases.get_all(numbers):
        case.card.request_update(at=tx.now)


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """Collect the SQL statements that writing transactions execute within the block."""
    executed: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        executed.append(statement)

    event.listen(store.database.writing, "before_cursor_execute", note)
    try:
        yield executed
    finally:
        event.remove(store.database.writing, "before_cursor_execute", note)
