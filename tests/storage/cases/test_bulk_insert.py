"""Bulk inserts: new objects are stored completely and then behave like loaded ones."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import object_mapper

from bot.case import Case
from bot.case.event import EventKind
from bot.people import CaseId
from storage import Store, Transaction
from tests.builders import ANA, MAYA, a_new_case
from tests.storage.test_store import put_team
from tests.world import WORKSPACE

Row = dict[str, Any]


def rows(thing: object) -> Iterator[Row]:
    """Yield the columns of an object and of all its loaded relations."""
    mapper = object_mapper(thing)
    yield {name: getattr(thing, name) for name in mapper.columns.keys()}  # noqa: SIM118  not a dict
    for relation in mapper.relationships:
        if relation.lazy == "raise_on_sql":
            continue
        found = getattr(thing, relation.key)
        for other in found if relation.uselist else [found]:
            yield from rows(other)


def open_case(tx: Transaction) -> Case:
    [team] = tx.teams.all()
    case = Case.open(a_new_case(), team, id_=tx.cases.next_id(), by=ANA, at=tx.now)
    tx.cases.add(case)
    return case


async def test_a_new_case_is_stored_completely(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)
    case = await workspace.run(open_case)
    found = await workspace.read(lambda tx: tx.cases.look_up(case.id))
    assert found is not case
    assert list(rows(found)) == list(rows(case))


async def test_every_notification_of_a_new_case_is_in_the_outbox(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)
    case = await workspace.run(open_case)
    [opened] = case.history
    assert opened.notifications
    queued = await workspace.read(
        lambda tx: [tx.outbox.look_up(it.key) for it in opened.notifications]
    )
    assert [list(rows(it)) for it in queued] == [list(rows(it)) for it in opened.notifications]


async def test_a_case_can_be_claimed_in_the_transaction_that_opened_it(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)

    def open_and_claim(tx: Transaction) -> None:
        case = open_case(tx)
        assert tx.cases.look_up(case.id) is case
        case.claim(by=MAYA, at=tx.now)

    await workspace.run(open_and_claim)
    case = await workspace.read(lambda tx: tx.cases.look_up(CaseId(1)))
    assert case.owner == MAYA.user
    assert [event.kind for event in case.history] == [EventKind.OPENED, EventKind.CLAIMED]
    assert case.card.wanted == 2
