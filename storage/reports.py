"""Figures for digests and reports, straight from SQL."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bot.events import EventKind
from bot.people import CaseId, TeamId, WorkspaceId
from bot.report import Figures
from storage.tables import cases, clocks, events


class Reports:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def figures(self, team: TeamId, *, since: datetime, until: datetime) -> Figures:
        """Which cases of the team each step was taken on, in ``(since, until]``."""
        query = (
            select(events.c.kind, events.c.case)
            .join(cases, and_(cases.c.workspace == events.c.workspace, cases.c.id == events.c.case))
            .where(
                events.c.workspace == self._workspace,
                events.c.at > since,
                events.c.at <= until,
                cases.c.team_id == team,
            )
            .distinct()
            .order_by(events.c.case)
        )
        found: dict[EventKind, list[CaseId]] = defaultdict(list)
        for kind, case in self._session.execute(query):
            found[kind].append(CaseId(case))
        return Figures(
            opened=tuple(found[EventKind.OPENED]),
            claimed=tuple(found[EventKind.CLAIMED]),
            resolved=tuple(found[EventKind.RESOLVED]),
            breached=tuple(
                sorted({*found[EventKind.BREACHED], *self._unnoticed(team, since, until)})
            ),
        )

    def _unnoticed(self, team: TeamId, since: datetime, until: datetime) -> set[CaseId]:
        """Whose promise broke in ``(since, until]`` without a tick that has seen it yet."""
        query = (
            select(clocks.c.case)
            .join(cases, and_(cases.c.workspace == clocks.c.workspace, cases.c.id == clocks.c.case))
            .where(
                clocks.c.workspace == self._workspace,
                clocks.c.ended_at.is_(None),
                clocks.c.due_at > since,
                clocks.c.due_at <= until,
                cases.c.team_id == team,
            )
        )
        return {CaseId(case) for case in self._session.scalars(query)}
