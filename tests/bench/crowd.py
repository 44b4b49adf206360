"""A database with a large number of open cases, of which only chosen ones are due."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import create_engine, literal, literal_column, select, text, true
from sqlalchemy.sql import ColumnElement

from bot.case import Case
from bot.delivery import DeliveryKind, State
from bot.people import TeamId
from bot.priority import Priority
from bot.team import read_team
from handlers.cli.config import apply_document
from storage import Transaction, connect
from storage.database.engines import read_url
from storage.installations import Installation
from storage.tables import cases, clocks, deliveries, events, workspaces
from tests.bench.life import NOON, OFFICE, case_with_history, just_opened
from tests.bench.time.raw import Raw
from tests.world import SUPPORT, WORKSPACE

WITH_HISTORY, JUST_OPENED = 1, 2  # the two cases from which all others are copied
HISTORIES = 10_000
"""The number of cases with a history. The others were just opened: they only fill the tables."""

PARTS = ((cases, cases.c.id), (clocks, clocks.c.case), (events, events.c.case))


class Crowd:
    """Many cases, copied from two template cases by SQL, because objects would take too long."""

    def __init__(self, name: str, url: str, clock: Callable[[], datetime] = lambda: NOON) -> None:
        self.store, self.raw = connect(url, clock), Raw(url)
        self.name, self.size, self._next = name, 0, 2
        self._engine = create_engine(read_url(url))
        self._is_sqlite = self._engine.dialect.name == "sqlite"

    async def begin(self) -> None:
        await self.store.of(WORKSPACE).run(install)
        await self.apply_team(OFFICE)
        await self.store.of(WORKSPACE).run(_open_two)
        self.size = 2
        self.make_nothing_due()

    async def apply_team(self, source: str) -> None:
        document = read_team(source)
        store = self.store.of(WORKSPACE)
        await store.run(apply_document, source, document, SUPPORT, by="the bench")

    def grow(self, to: int) -> None:
        with self.writing() as connection:
            for template, first, last in (
                (WITH_HISTORY, self.size + 1, min(to, HISTORIES)),
                (JUST_OPENED, max(self.size, HISTORIES) + 1, to),
            ):
                if first <= last:
                    self._copy(connection, template, first, last)
            connection.execute(workspaces.update().values(cases=to))
        self.size = to
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE" if self._is_sqlite else "VACUUM ANALYZE"))

    def next_numbers(self, count: int) -> list[int]:
        """Return the next ``count`` cases with a history that no measurement has used yet."""
        first, self._next = self._next + 1, self._next + count
        return list(range(first, first + count))

    def make_nothing_due(self) -> None:
        with self.writing() as connection:
            connection.execute(cases.update().values(next_check_at=self._later(cases.c.id)))

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """Open a fast transaction: no foreign key checks, no waiting for the disk."""
        with self._engine.begin() as connection:
            if self._is_sqlite:
                connection.execute(text("PRAGMA synchronous = OFF"))
                connection.execute(text("PRAGMA cache_size = -400000"))
            else:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                connection.execute(text("SET LOCAL synchronous_commit = off"))
            yield connection

    def close(self) -> None:
        self.raw.close()
        self.store.close()
        self._engine.dispose()

    def _copy(self, connection: Any, template: int, first: int, last: int) -> None:
        numbers = select(literal(first).label("n")).cte("numbers", recursive=True)
        numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < last))
        new = self._new(numbers.c.n)
        for table, number in (*PARTS, (deliveries, deliveries.c.case)):
            copied = [numbers.c.n if c is number else new.get(c, c) for c in table.c]
            chosen = select(*copied).join_from(table, numbers, true()).where(number == template)
            if table is deliveries:
                chosen = chosen.where(deliveries.c.kind == DeliveryKind.CARD)
            connection.execute(table.insert().from_select([c.key for c in table.c], chosen))

    def _new(self, number: ColumnElement[int]) -> dict[ColumnElement[Any], ColumnElement[Any]]:
        """Return the columns in which a copy differs from its template."""
        return {
            cases.c.next_check_at: self._later(number),
            deliveries.c.key: "case/" + literal_column("CAST(numbers.n AS VARCHAR)") + "/card",
        }

    def _later(self, number: ColumnElement[int]) -> ColumnElement[Any]:
        """Return the next check of a case: one second later for each number."""
        if self._is_sqlite:
            return literal(NOON, cases.c.next_check_at.type) + number * 1_000_000
        second: ColumnElement[Any] = literal_column("INTERVAL '1 second'")
        return literal(NOON, cases.c.next_check_at.type) + number * second


def _open_two(tx: Transaction) -> None:
    """Open the two template cases, with all their messages sent."""
    team = tx.teams.get(TeamId(1))
    for case in (
        case_with_history(team, WITH_HISTORY),
        just_opened(team, JUST_OPENED, Priority.NORMAL),
    ):
        mark_all_sent(case)
        tx.cases.add(case)


def install(tx: Transaction) -> None:
    tx.installation.keep(
        Installation(WORKSPACE, "Sandbox", "https://sandbox.slack.com/", "B0", "U0BATON")
    )


def mark_all_sent(case: Case) -> None:
    """Mark all messages of a case as sent."""
    notes = [note for event in case.history for note in event.notifications]
    for delivery in (case.card, *notes):
        delivery.state, delivery.due_at, delivery.ts = State.SENT, None, "1772438400.000100"
