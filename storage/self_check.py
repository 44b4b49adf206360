"""Queries of the self-check, and its findings."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from bot.case import OVER, Status
from bot.delivery import CATCHING_UP, State
from bot.people import CaseId, WorkspaceId, reference
from bot.self_check import IN_DOUBT_AT_MOST, LATE, SHOWN, Finding, Invariant
from bot.sla import ClockState
from storage.tables import (
    cases,
    clocks,
    deliveries,
    digests,
    findings,
    lanes,
    send_quotas,
    teams,
    unproven,
    unreadable_cases,
    unwatched,
)
from storage.types import readable

RUNNING = (ClockState.PENDING, ClockState.AT_RISK)  # these clocks can still reach a next state
UP_TO_SLACK = (Invariant.SENT, Invariant.CERTAIN)  # these cannot hold while Slack is away
ENOUGH = SHOWN + 1


class SelfCheckQueries:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def open(self) -> dict[Invariant, Finding]:
        """Lock and load the open findings."""
        query = self._findings.where(findings.c.over_at.is_(None), readable(findings.c.invariant))
        query = query.with_for_update()
        return {finding.invariant: finding for finding in self._session.scalars(query)}

    def add(self, finding: Finding) -> None:
        self._session.add(finding)

    def announced_by(self, delivery: str) -> Finding:
        """Return the finding that a notification, given by its delivery key, is about."""
        key = delivery.rsplit("/", 2)[0]
        return self._session.scalars(self._findings.where(findings.c.key == key)).one()

    def broken(self, *, at: datetime) -> dict[Invariant, Sequence[str]]:
        """Return the violations of each invariant: names of cases, messages or teams.

        Limited to ``ENOUGH`` for each, one more than are shown.
        """
        late = at - LATE
        found: dict[Invariant, Sequence[str]] = {
            Invariant.WATCHED: self._cases(unwatched, self._has_a_next_step),
            Invariant.LOOKED_AT: self._cases(
                cases.c.status.not_in(OVER), cases.c.next_check_at < late
            ),
            Invariant.SENT: self._deliveries(
                deliveries.c.due_at < late,
                exists().where(
                    lanes.c.workspace == deliveries.c.workspace,
                    lanes.c.lane == deliveries.c.lane,
                    lanes.c.free_at < late,
                ),
            ),
            Invariant.CERTAIN: self._deliveries(
                deliveries.c.due_at.is_not(None),
                deliveries.c.state.in_((State.SENDING, State.IN_DOUBT)),
                deliveries.c.tried_at < at - IN_DOUBT_AT_MOST,
            ),
            Invariant.PROVEN: self._deliveries(unproven),
            Invariant.DIGESTED: self._teams(late),
            Invariant.READABLE: self._unreadable(),
        }
        return found | (dict.fromkeys(UP_TO_SLACK, ()) if self._slack_failed(at) else {})

    def _slack_failed(self, at: datetime) -> bool:
        """Return whether Slack rejects everything, or failed until a short time ago."""
        failing = or_(send_quotas.c.shut_for != "", send_quotas.c.outage_at > at - CATCHING_UP)
        here = send_quotas.c.workspace == self._workspace
        return bool(self._session.scalar(select(exists().where(here, failing))))

    def _cases(self, *wrong: ColumnElement[bool]) -> list[str]:
        in_workspace = cases.c.workspace == self._workspace
        found = self._session.scalars(select(cases.c.id).where(in_workspace, *wrong).limit(ENOUGH))
        return [reference(CaseId(number)) for number in found]

    @property
    def _has_a_next_step(self) -> ColumnElement[bool]:
        clock = and_(
            clocks.c.workspace == cases.c.workspace,
            clocks.c.case == cases.c.id,
            clocks.c.ended_at.is_(None),
            clocks.c.state.in_(RUNNING),
        )
        return or_(cases.c.status == Status.WAITING, exists().where(clock))

    def _deliveries(self, *wrong: ColumnElement[bool]) -> Sequence[str]:
        in_workspace = deliveries.c.workspace == self._workspace
        return self._session.scalars(
            select(deliveries.c.key).where(in_workspace, *wrong).limit(ENOUGH)
        ).all()

    def _teams(self, late: datetime) -> Sequence[str]:
        made = exists().where(
            digests.c.workspace == teams.c.workspace,
            digests.c.team == teams.c.id,
            digests.c.local_date == teams.c.digested_on,
        )
        missing = and_(teams.c.digested_on.is_not(None), ~made)
        wrong = or_(teams.c.next_digest_at < late, missing)
        query = select(teams.c.name).where(teams.c.workspace == self._workspace, wrong)
        return self._session.scalars(query.limit(ENOUGH)).all()

    def _unreadable(self) -> Sequence[str]:
        query = select(unreadable_cases.c.case).where(
            unreadable_cases.c.workspace == self._workspace
        )
        found = self._session.scalars(query.order_by(unreadable_cases.c.case).limit(ENOUGH))
        return [reference(CaseId(number)) for number in found]

    @property
    def _findings(self) -> Select[Finding]:
        return select(Finding).where(findings.c.workspace == self._workspace)
