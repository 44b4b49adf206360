"""Finding the stories of cases: what their clocks are made from, and no more: there are many."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.case import OVER, ClockInputs, Status
from bot.case.event import MOVES_CLOCKS, EventKind
from bot.people import CaseId, TeamId, WorkspaceId
from bot.reports.report import Ended
from bot.sla import MOVES_WAITS, ClockEvent
from storage.tables import cases, events

WAIT_EVENTS = {it for it, moved in MOVES_CLOCKS.items() if moved in MOVES_WAITS}
AT_ONCE = 1000  # cases whose events one query finds: a database takes only so many parameters

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
)


class ClockInputsQueries:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def following(
        self, case: CaseId, team: TeamId, *, since: datetime, limit: int
    ) -> list[ClockInputs]:
        """The next of a team's cases after ``case`` that are open, or were opened or ended
        since then.

        A few at a time, so that nobody waits for a long transaction to end.
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
        return self._told([row._asdict() for row in self._session.execute(query)], MOVES_CLOCKS)

    def resolved_in(self, team: TeamId, since: datetime, until: datetime) -> list[Ended]:
        """Those of the cases that were resolved in ``[since, until)``, and are; of what
        happened to them, what tells on whom they waited.
        """
        query = (
            FACTS.add_columns(cases.c.miss_reason)
            .where(cases.c.workspace == self._workspace, cases.c.team_id == team)
            .where(cases.c.over_at >= since, cases.c.over_at < until)
            .where(cases.c.status == Status.RESOLVED)
            .order_by(cases.c.id)
        )
        found = [row._asdict() for row in self._session.execute(query)]
        reasons = [facts.pop("miss_reason") for facts in found]
        return list(map(Ended, self._told(found, WAIT_EVENTS), reasons))

    def _told(self, found: list[dict[str, Any]], kinds: Collection[EventKind]) -> list[ClockInputs]:
        clock_events: dict[int, list[ClockEvent]] = {}
        for start in range(0, len(found), AT_ONCE):
            some = [it["id"] for it in found[start : start + AT_ONCE]]
            clock_events |= self._clock_events(some, kinds)
        return [
            ClockInputs(**it, clock_events=tuple(clock_events.get(it["id"], ()))) for it in found
        ]

    def _clock_events(
        self, of: Iterable[int], kinds: Collection[EventKind]
    ) -> dict[int, list[ClockEvent]]:
        query = (
            select(events.c.case, events.c.kind, events.c.at, events.c.on)
            .add_columns(events.c.resume_by, events.c.to)
            .where(events.c.workspace == self._workspace, events.c.case.in_(of))
            .where(events.c.kind.in_(kinds))
            .order_by(events.c.case, events.c.number)
        )
        clock_events: dict[int, list[ClockEvent]] = defaultdict(list)
        for case, kind, at, on, resume_by, to in self._session.execute(query):
            moved = ClockEvent(MOVES_CLOCKS[kind], at, on=on, resume_by=resume_by, to=to)
            clock_events[case].append(moved)
        return clock_events
