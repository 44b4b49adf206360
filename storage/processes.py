"""Heartbeats of the processes that serve a workspace."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from bot.people import WorkspaceId
from bot.processes import Process
from storage.requests.upsert import insert_or_update
from storage.tables import processes

KEPT = timedelta(days=1)
"""How long the row of a process that was killed stays."""

BEAT = insert_or_update(processes, "seen_at", "reserve")


class Processes:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def beat(self, process: Process, *, reserve: str = "") -> None:
        """Store that the process is running, and forget those that were killed long ago.

        ``reserve`` is stored as well: it shows whether the disk has room for that much more.
        """
        row = {**asdict(process), "workspace": self._workspace, "reserve": reserve}
        connection = self._session.connection()
        connection.execute(BEAT[connection.dialect.name], row | {"seen_at": self._now})
        old = processes.c.seen_at < self._now - KEPT
        self._session.execute(delete(processes).where(self._ours, old))

    def remove(self, process: Process) -> None:
        self._session.execute(delete(processes).where(self._ours, processes.c.id == process.id))

    def all(self) -> list[Process]:
        return of_workspace(self._session, self._workspace)

    @property
    def _ours(self) -> ColumnElement[bool]:
        return processes.c.workspace == self._workspace


def of_workspace(session: Session, workspace: WorkspaceId) -> list[Process]:
    """Return the processes that were seen within a day, in the order in which they started."""
    query = select(processes).where(processes.c.workspace == workspace)
    found = session.execute(query.order_by(processes.c.started_at, processes.c.id))
    return [
        Process(it.id, it.host, it.parts, it.version, it.started_at, it.seen_at) for it in found
    ]
