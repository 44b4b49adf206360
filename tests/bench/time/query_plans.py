"""The query plans of frequent queries on each database: by an index, or row by row."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from bot.people import CaseId
from storage.cases.find import Cases
from storage.due import Due
from storage.sending.crowded_lanes import most_urgent_nudges
from storage.sending.lease import lease
from storage.sending.outbox import Outbox
from tests.bench.crowd import Crowd
from tests.bench.life import NOON
from tests.world import SUPPORT, WORKSPACE

LARGE = {"cases", "clocks", "events", "deliveries"}
"""The tables that grow. The others are small, and reading them whole is the best plan."""

Statements = list[tuple[str, Any]]


def row_by_row(crowd: Crowd) -> dict[str, list[str]]:
    """Return, for each query, the steps of its plan that read a whole large table."""
    with Session(crowd.store.database.writing) as session, _recorded(session) as statements:
        due = Due(session, NOON)
        queries: dict[str, Callable[[], object]] = {
            "Due.cases": lambda: due.cases(limit=100),
            "Due.digests": due.digests,
            "Due.lateness": due.lateness,
            "Due.waiting": due.waiting,
            "Due.backlog": due.backlog,
            "Cases.look_up": lambda: Cases(session, WORKSPACE).look_up(CaseId(1)),
            "Cases.get_all": lambda: Cases(session, WORKSPACE).get_all([CaseId(1), CaseId(2)]),
            "Outbox.parts_of": lambda: Outbox(session, WORKSPACE).parts_of("gathered/1"),
            "most_urgent_nudges": lambda: most_urgent_nudges(session, WORKSPACE, SUPPORT),
            "lease": lambda: lease(
                session, WORKSPACE, at=NOON, lasting=timedelta(seconds=1), limit=50
            ),
        }
        found = {}
        for name, run in queries.items():
            statements.clear()
            run()
            steps = [it for one in list(statements) for it in _plan(session.connection(), *one)]
            found[name] = [step for step in steps if _reads_all(step)]
        session.rollback()
    return found


@contextmanager
def _recorded(session: Session) -> Iterator[Statements]:
    statements: Statements = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        if sql.startswith("SELECT"):
            statements.append((sql, values))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)


def _plan(connection: Connection, sql: str, values: Any) -> list[str]:
    word = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    return [str(row[-1]).strip() for row in connection.exec_driver_sql(f"{word} {sql}", values)]


def _reads_all(step: str) -> bool:
    """Return whether a step of a query plan reads a whole large table.

    True for ``SCAN cases`` and ``->  Seq Scan on cases  (cost=...)``, not for
    ``SCAN x USING INDEX y``. An index search by workspace alone counts as a full scan.
    """
    words = step.removeprefix("->").split()
    if words[0] in ("SCAN", "SEARCH") and words[1] in LARGE:
        return words[-1] == "(workspace=?)" or "INDEX" not in words
    return words[:3] == ["Seq", "Scan", "on"] and words[3] in LARGE
