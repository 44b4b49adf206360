"""Loading clocks, tasks and history of many cases with one statement each."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, inspect, select
from sqlalchemy.orm import Session, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from bot.case import Case
from bot.case.event import Event
from bot.case.task import Task
from bot.people import WorkspaceId
from bot.sla import Clock
from storage.tables import clocks, events, tasks

LATER = (  # mapped in storage.mapping, so to mypy these are plain lists
    lazyload(Case.clocks),  # type: ignore[arg-type]
    lazyload(Case.tasks),  # type: ignore[arg-type]
    lazyload(Case.history),  # type: ignore[arg-type]
)
IDS: BindParameter[Any] = bindparam("ids", expanding=True)
PARTS: dict[str, Select[Any]] = {
    "clocks": select(Clock)
    .where(clocks.c.workspace == bindparam("workspace_id"), clocks.c.case.in_(IDS))
    .order_by(clocks.c.case, clocks.c.metric, clocks.c.cycle),
    "tasks": select(Task)
    .where(tasks.c.workspace == bindparam("workspace_id"), tasks.c.case.in_(IDS))
    .order_by(tasks.c.case, tasks.c.event),
    "history": select(Event)
    .where(events.c.workspace == bindparam("workspace_id"), events.c.case.in_(IDS))
    .order_by(events.c.case, events.c.number),
}
REFRESH = {"populate_existing": True}  # a case that was just locked must not keep stale parts
CASES_PER_QUERY = 1000  # databases limit the number of parameters in a statement


def load_related(session: Session, workspace: WorkspaceId, found: Sequence[Case]) -> None:
    """Load the parts of ``found`` that ``LATER`` has deferred.

    SQLAlchemy's ``selectinload`` filters by (workspace, case) pairs. For these SQLite would use
    only the workspace column of the index and scan all rows of the workspace.
    """
    for name, query in PARTS.items():
        waiting = [case for case in found if name in inspect(case).unloaded]
        for start in range(0, len(waiting), CASES_PER_QUERY):
            some = waiting[start : start + CASES_PER_QUERY]
            parts: dict[int, list[Any]] = defaultdict(list)
            params = {"workspace_id": workspace, "ids": [case.id for case in some]}
            for part in session.scalars(query, params, execution_options=REFRESH):
                parts[part.case].append(part)
            for case in some:
                set_committed_value(case, name, parts[case.id])
