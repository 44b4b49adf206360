"""How each database goes about each question of what is due: by an index, or row by row."""

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
"""The tables that grow; of the others, to read all the few rows is what a good plan does."""

CurrentRequest = list[tuple[str, Any]]


def row_by_row(crowd: Crowd) -> dict[str, list[str]]:
    """For each question, the steps of its plan that read the whole of a table that grows."""
    with Session(crowd.store.database.writing) as session, _asked(session) as asked:
        due = Due(session, NOON)
        questions: dict[str, Callable[[], object]] = {
            "Due.cases": lambda: due.cases(limit=100),
            "Due.digests": due.digests,
            "Due.lateness": due.lateness,
            "Due.waiting": due.waiting,
            "Due.backlog": due.backlog,
            "Cases.look_up": lambda: Cases(session, WORKSPACE).look_up(CaseId(1)),
            "Cases.get_all": lambda: Cases(session, WORKSPACE).get_all([CaseId(1), CaseId(2)]),
            "Outbox.parts_of": lambda: Outbox(session, WORKSPACE).parts_of("gathered/1"),
            "worst_of_crowd": lambda: most_urgent_nudges(session, WORKSPACE, SUPPORT),
            "lease": lambda: lease(
                session, WORKSPACE, at=NOON, lasting=timedelta(seconds=1), limit=50
            ),
        }
        found = {}
        for name, ask in questions.items():
            asked.clear()
            ask()
            steps = [it for one in list(asked) for it in _plan(session.connection(), *one)]
            found[name] = [step for step in steps if _reads_all(step)]
        session.rollback()
    return found


@contextmanager
def _asked(session: Session) -> Iterator[CurrentRequest]:
    asked: CurrentRequest = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        if sql.startswith("SELECT"):
            asked.append((sql, values))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)


def _plan(connection: Connection, sql: str, values: Any) -> list[str]:
    word = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    return [str(row[-1]).strip() for row in connection.exec_driver_sql(f"{word} {sql}", values)]


def _reads_all(step: str) -> bool:
    """``SCAN cases``, ``->  Seq Scan on cases  (cost=...)``; not ``SCAN x USING INDEX y``.

    An index that finds no more than all rows of a workspace is none.
    """
    words = step.removeprefix("->").split()
    if words[0] in ("SCAN", "SEARCH") and words[1] in LARGE:
        return words[-1] == "(workspace=?)" or "INDEX" not in words
    return words[:3] == ["Seq", "Scan", "on"] and words[3] in LARGE
