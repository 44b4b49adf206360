"""Loading the inputs of clocks, for reports and previews over many cases."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from bot.case import OVER, ClockInputs, Status
from bot.case.due.wrong_clock import true_times
from bot.case.event import MOVES_CLOCKS, EventKind
from bot.people import CaseId, TeamId, WorkspaceId
from bot.reports.report import Ended
from bot.sla import MOVES_WAITS, ClockEvent
from storage.tables import cases, events
from storage.types import readable

WAIT_EVENTS = {it for it, moved in MOVES_CLOCKS.items() if moved in MOVES_WAITS}
CASES_PER_QUERY = 1000  # databases limit the number of parameters in a statement

FACTS = select(
    cases.c.id,
    cases.c.customer,
    cases.c.opened_tier,
    cases.c.category,
    cases.c.source,
    cases.c.priority,
    cases.c.opened_priority,
    cases.c.opened_at,
    cases.c.over_at,
).where(readable(cases.c.source, cases.c.priority, cases.c.opened_priority))


class ClockInputsQueries:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def following(
        self, case: CaseId, team: TeamId, *, since: datetime, limit: int
    ) -> list[ClockInputs]:
        """Return the next page of a team's cases after ``case``, up to ``limit``.

        Includes cases that are still open, and those opened or ended at or after ``since``.
        Paged, so that no transaction lasts long enough to hold up the others.
        """
        query = (
            FACTS.where(cases.c.workspace == self._workspace, cases.c.id > case)
            .where(cases.c.team_id == team)
            .where(
                or_(
                    cases.c.status.not_in(OVER),
                    cases.c.opened_at >= since,
                    cases.c.over_at >= since,
                )
            )
            .order_by(cases.c.id)
            .limit(limit)
        )
        found = [row._asdict() for row in self._session.execute(query)]
        return self._with_events(found, MOVES_CLOCKS)

    def resolved_in(self, team: TeamId, since: datetime, until: datetime) -> list[Ended]:
        """Return a team's cases that were resolved in ``[since, until)`` and not reopened.

        Their clock events are limited to those that start or end a wait.
        """
        query = (
            FACTS.add_columns(cases.c.miss_reason)
            .where(cases.c.workspace == self._workspace, cases.c.team_id == team)
            .where(cases.c.over_at >= since, cases.c.over_at < until)
            .where(cases.c.status == Status.RESOLVED, readable(cases.c.miss_reason))
            .order_by(cases.c.id)
        )
        found = [row._asdict() for row in self._session.execute(query)]
        reasons = [facts.pop("miss_reason") for facts in found]
        return list(map(Ended, self._with_events(found, WAIT_EVENTS), reasons))

    def _with_events(
        self, found: list[dict[str, Any]], kinds: Collection[EventKind]
    ) -> list[ClockInputs]:
        clock_events: dict[int, list[ClockEvent]] = {}
        for start in range(0, len(found), CASES_PER_QUERY):
            ids = [it["id"] for it in found[start : start + CASES_PER_QUERY]]
            clock_events |= self._clock_events(ids, kinds)
        return [
            ClockInputs(**it, clock_events=tuple(clock_events.get(it["id"], ()))) for it in found
        ]

    def _clock_events(
        self, ids: Iterable[int], kinds: Collection[EventKind]
    ) -> dict[int, list[ClockEvent]]:
        query = (
            select(events.c.case, events.c.kind, events.c.at, events.c.on)
            .add_columns(events.c.resume_by, events.c.to)
            .where(events.c.workspace == self._workspace, events.c.case.in_(ids))
            .where(events.c.kind.in_([*kinds, EventKind.CLOCK_CORRECTED]))
            .where(readable(events.c.on, events.c.to))
            .order_by(events.c.case, events.c.number)
        )
        found = groupby(self._session.execute(query), key=lambda row: row.case)
        return {case: _clock_events(list(rows)) for case, rows in found}


def _clock_events(rows: Sequence[Row[Any]]) -> list[ClockEvent]:
    times = true_times([row.at for row in rows])
    return [
        ClockEvent(MOVES_CLOCKS[row.kind], at, on=row.on, resume_by=row.resume_by, to=row.to)
        for row, at in zip(rows, times, strict=True)
        if row.kind in MOVES_CLOCKS
    ]
