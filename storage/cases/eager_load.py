"""The clocks, tasks and histories of many cases: a statement for all, and not for each."""

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

LATER = (  # mapped elsewhere
    lazyload(Case.clocks),  # type: ignore[arg-type]
    lazyload(Case.tasks),  # type: ignore[arg-type]
    lazyload(Case.history),  # type: ignore[arg-type]
)
SOME: BindParameter[Any] = bindparam("some", expanding=True)
PARTS: dict[str, Select[Any]] = {
    "clocks": select(Clock)
    .where(clocks.c.workspace == bindparam("ours"), clocks.c.case.in_(SOME))
    .order_by(clocks.c.case, clocks.c.metric, clocks.c.cycle),
    "tasks": select(Task)
    .where(tasks.c.workspace == bindparam("ours"), tasks.c.case.in_(SOME))
    .order_by(tasks.c.case, tasks.c.event),
    "history": select(Event)
    .where(events.c.workspace == bindparam("ours"), events.c.case.in_(SOME))
    .order_by(events.c.case, events.c.number),
}
AS_THEY_ARE = {"populate_existing": True}  # as the case is, whose they are
AT_ONCE = 1000  # a database takes only so many parameters


def load_related(session: Session, workspace: WorkspaceId, found: Sequence[Case]) -> None:
    """Read what was put off with ``LATER``.

    SQLAlchemy's own way asks for pairs of a workspace and a case. SQLite would use only the
    workspace of them, and walk through all that it has.
    """
    for name, query in PARTS.items():
        waiting = [case for case in found if name in inspect(case).unloaded]
        for start in range(0, len(waiting), AT_ONCE):
            some = waiting[start : start + AT_ONCE]
            parts: dict[int, list[Any]] = defaultdict(list)
            asked = {"ours": workspace, "some": [case.id for case in some]}
            for part in session.scalars(query, asked, execution_options=AS_THEY_ARE):
                parts[part.case].append(part)
            for case in some:
                set_committed_value(case, name, parts[case.id])
