"""Figures for digests and reports, computed in SQL."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy import case as either
from sqlalchemy.orm import Session

from bot.case import OVER
from bot.case.event import EventKind
from bot.case.redaction import REDACTED
from bot.people import CaseId, TeamId, WorkspaceId
from bot.reports.digest import Figures
from bot.reports.report import Result
from bot.sla import ClockState
from storage.tables import cases, clocks, events
from storage.types import readable

OF_ITS_CASE = and_(cases.c.workspace == clocks.c.workspace, cases.c.id == clocks.c.case)
NAMED = either((cases.c.restricted, REDACTED), else_=cases.c.customer).label("customer")
OF_CASE = {"customer": NAMED, "priority": cases.c.priority}
KEPT = [OF_CASE[name] if name in OF_CASE else clocks.c[name] for name in Result._fields]


later = events.alias("later")
WRONGLY_BREACHED = and_(
    events.c.kind == EventKind.BREACHED,
    exists().where(
        later.c.workspace == events.c.workspace,
        later.c.case == events.c.case,
        later.c.number > events.c.number,
        later.c.kind == EventKind.CLOCK_CORRECTED,
        later.c.at < events.c.at,
    ),
)
"""A breach that was declared while the clock was ahead."""


class Reports:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def figures(self, team: TeamId, *, since: datetime, until: datetime) -> Figures:
        """Return the team's cases opened, claimed, resolved or breached in ``(since, until]``."""
        query = (
            select(events.c.kind, events.c.case)
            .join(cases, and_(cases.c.workspace == events.c.workspace, cases.c.id == events.c.case))
            .where(
                events.c.workspace == self._workspace,
                events.c.at > since,
                events.c.at <= until,
                cases.c.team_id == team,
                ~WRONGLY_BREACHED,
                readable(events.c.kind),
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

    def results(self, team: TeamId, since: datetime, until: datetime) -> list[Result]:
        """Return the team's clocks that were due in ``[since, until)``, without cancelled ones."""
        query = (
            select(*KEPT)
            .join(cases, OF_ITS_CASE)
            .where(clocks.c.workspace == self._workspace, cases.c.team_id == team)
            .where(clocks.c.due_at >= since, clocks.c.due_at < until)
            .where(clocks.c.state != ClockState.CANCELLED)
            .where(readable(clocks.c.metric, clocks.c.state, cases.c.priority))
            .order_by(clocks.c.due_at, clocks.c.case, clocks.c.metric, clocks.c.cycle)
        )
        return [Result._make(row) for row in self._session.execute(query)]

    def reopened(self, team: TeamId, since: datetime, until: datetime) -> list[CaseId]:
        """Return the team's cases reopened in ``[since, until)``, once for each time."""
        query = (
            select(events.c.case)
            .join(cases, and_(cases.c.workspace == events.c.workspace, cases.c.id == events.c.case))
            .where(events.c.workspace == self._workspace, cases.c.team_id == team)
            .where(events.c.at >= since, events.c.at < until)
            .where(events.c.kind == EventKind.REOPENED)
            .order_by(events.c.at)
        )
        return [CaseId(case) for case in self._session.scalars(query)]

    def overdue(self, team: TeamId, *, at: datetime) -> list[CaseId]:
        """Return the team's open cases with an overdue clock, the longest overdue first."""
        query = (
            select(clocks.c.case)
            .join(cases, OF_ITS_CASE)
            .where(clocks.c.workspace == self._workspace, cases.c.team_id == team)
            .where(cases.c.status.not_in(OVER))
            .where(clocks.c.ended_at.is_(None), clocks.c.due_at <= at)
            .group_by(clocks.c.case)
            .order_by(func.min(clocks.c.due_at))
        )
        return [CaseId(case) for case in self._session.scalars(query)]

    def _unnoticed(self, team: TeamId, since: datetime, until: datetime) -> set[CaseId]:
        """Return cases with a clock breached in ``(since, until]`` but no breach event yet."""
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
