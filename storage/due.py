"""What is due, in all workspaces. Requests use the classes that are limited to one workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from bot.delivery import ERRORS_OF_AN_OUTAGE, LONGEST_PAUSE, State
from bot.people import CaseId, TeamId, WorkspaceId
from bot.processes import Process
from bot.self_check import Invariant
from storage.database.bad_database import BadDatabase
from storage.database.migrate import is_behind
from storage.processes import of_workspace
from storage.tables import (
    cases,
    deliveries,
    findings,
    in_trouble,
    lanes,
    send_quotas,
    teams,
    workspaces,
)
from storage.types import Instant

DUE_CASES = (  # built once: it runs every second
    select(cases.c.workspace, cases.c.team_id, cases.c.id)
    .where(cases.c.next_check_at <= bindparam("now"))
    .order_by(cases.c.next_check_at)
    .limit(bindparam("most"))
)
in_its_lane = and_(deliveries.c.workspace == lanes.c.workspace, deliveries.c.lane == lanes.c.lane)

in_doubt = (
    deliveries.c.due_at.is_not(None),
    deliveries.c.state.in_((State.SENDING, State.IN_DOUBT)),
)


@dataclass(frozen=True)
class Lateness:
    """How long the oldest due case and the oldest due message have been waiting."""

    case: timedelta
    delivery: timedelta


@dataclass(frozen=True)
class Backlog:
    """The size of the outbox: messages that are due and unsettled, their lanes, and the oldest."""

    messages: int
    lanes: int
    oldest: timedelta
    in_doubt: int


class Due:
    """Queries for jobs, metrics and health checks."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def cases(self, *, limit: int) -> Sequence[tuple[WorkspaceId, TeamId, CaseId]]:
        """Return up to ``limit`` cases that are due for a check, the longest overdue first."""
        params = {"now": self._now, "most": limit}
        found = self._session.connection().execute(DUE_CASES, params).all()
        return cast("Sequence[tuple[WorkspaceId, TeamId, CaseId]]", found)  # a row is a tuple

    def digests(self) -> Sequence[tuple[WorkspaceId, TeamId]]:
        """Return the teams whose digest is due."""
        query = select(teams.c.workspace, teams.c.id).where(teams.c.next_digest_at <= self._now)
        found = self._session.execute(query)
        return [(WorkspaceId(row.workspace), TeamId(row.id)) for row in found]

    def lateness(self) -> Lateness:
        """Return how late cases and messages are; zero if nothing is late.

        Messages are not late while their lane is paused, or while their workspace is rate limited,
        rejects everything or fails.
        """
        case = self._session.scalar(select(func.min(cases.c.next_check_at)))
        could_go_at = sql_case(
            (lanes.c.free_at > deliveries.c.due_at, lanes.c.free_at), else_=deliveries.c.due_at
        )
        query = (
            select(func.min(could_go_at, type_=Instant))
            .join_from(deliveries, lanes, in_its_lane)
            .join(send_quotas, send_quotas.c.workspace == deliveries.c.workspace)
            .where(deliveries.c.due_at <= self._now, lanes.c.free_at <= self._now)
            .where(send_quotas.c.shut_for == "", send_quotas.c.paced_until <= self._now)
            .where(send_quotas.c.errors < ERRORS_OF_AN_OUTAGE)
        )
        return Lateness(self._since(case), self._since(self._session.scalar(query)))

    def findings(self) -> Sequence[str]:
        """Return the open findings of the self-check."""
        query = select(findings.c.said).where(findings.c.over_at.is_(None))
        return self._session.scalars(query).all()

    def findings_by_invariant(self) -> dict[Invariant, int]:
        """Return how many findings are open, by the invariant that is broken."""
        query = (
            select(findings.c.invariant, func.count().label("open"))
            .where(findings.c.over_at.is_(None))
            .group_by(findings.c.invariant)
        )
        return {row.invariant: row.open for row in self._session.execute(query)}

    def schema_is_behind(self) -> bool:
        """Return whether the database has pending migrations.

        A newer schema does no harm to a running process: during a rolling upgrade, the new version
        migrates first.
        """
        try:
            return is_behind(self._session.connection())
        except BadDatabase:
            return False

    def workspaces(self) -> Sequence[WorkspaceId]:
        """Return every workspace that installed Baton."""
        return [WorkspaceId(id_) for id_ in self._session.scalars(select(workspaces.c.id))]

    def processes(self) -> list[Process]:
        """Return the processes of all workspaces."""
        return [it for id_ in self.workspaces() for it in of_workspace(self._session, id_)]

    def waiting(self) -> int:
        """Return how many messages are due."""
        query = select(func.count()).where(deliveries.c.due_at <= self._now)
        return self._session.scalar(query) or 0

    def backlog(self) -> Backlog:
        """Return how much is waiting in all lanes."""
        lane = (
            select(func.count().label("messages"), func.min(deliveries.c.queued_at).label("oldest"))
            .where(deliveries.c.due_at <= self._now)
            .group_by(deliveries.c.workspace, deliveries.c.lane)
            .subquery()
        )
        query = select(
            func.count(), func.sum(lane.c.messages), func.min(lane.c.oldest, type_=Instant)
        )
        lanes_waiting, messages, oldest = self._session.execute(query).one()
        doubted = self._session.scalar(select(func.count()).where(*in_doubt)) or 0
        return Backlog(messages or 0, lanes_waiting, self._since(oldest), doubted)

    def doubt(self) -> timedelta:
        """Return how long the oldest message has been in doubt."""
        query = select(func.min(deliveries.c.tried_at)).where(*in_doubt)
        return self._since(self._session.scalar(query))

    def in_trouble(self) -> dict[State, int]:
        """Return how many messages failed for good or wait for a manual check, by state."""
        query = (
            select(deliveries.c.state, func.count().label("messages"))
            .where(in_trouble)
            .group_by(deliveries.c.state)
        )
        return {row.state: row.messages for row in self._session.execute(query)}

    def shut(self) -> dict[WorkspaceId, str]:
        """Return the workspaces where Slack rejects everything, with Slack's reason."""
        query = select(send_quotas.c.workspace, send_quotas.c.shut_for).where(
            send_quotas.c.shut_for != ""
        )
        return {WorkspaceId(row.workspace): row.shut_for for row in self._session.execute(query)}

    def outages(self) -> Sequence[WorkspaceId]:
        """Return the workspaces where Slack answers with errors."""
        query = select(send_quotas.c.workspace).where(send_quotas.c.errors >= ERRORS_OF_AN_OUTAGE)
        return [WorkspaceId(workspace) for workspace in self._session.scalars(query)]

    def ahead(self) -> timedelta:
        """Return how far the latest stored "not before" lies in the future, beyond what it may."""
        waiting = (lanes.c.free_at, deliveries.c.due_at, send_quotas.c.paced_until)
        latest = [self._session.scalar(select(func.max(column))) for column in waiting]
        allowed = self._now + LONGEST_PAUSE
        return max(it - allowed for it in (*latest, allowed) if it is not None)

    def _since(self, instant: datetime | None) -> timedelta:
        return max(timedelta(0), self._now - instant) if instant else timedelta(0)
