"""What is due, in every workspace: the one place that looks across them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Row, and_, bindparam, exists, func, select, tuple_
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session, aliased

from bot.delivery import Delivery, Try
from bot.people import CaseId, ChannelId, TeamId, WorkspaceId
from storage.finding_tables import findings
from storage.tables import cases, deliveries, lanes, teams
from storage.types import Instant

DUE_CASES = (  # made once, for it is asked every second
    select(cases.c.workspace, cases.c.id)
    .where(cases.c.next_check_at <= bindparam("now"))
    .order_by(cases.c.next_check_at)
    .limit(bindparam("most"))
)
in_its_lane = and_(
    deliveries.c.workspace == lanes.c.workspace, deliveries.c.channel == lanes.c.channel
)


@dataclass(frozen=True)
class Owed:
    """A message whose turn has come, and the try that began with the lease."""

    workspace: WorkspaceId
    delivery: Delivery
    attempt: Try


@dataclass(frozen=True)
class Lateness:
    """How long the oldest of each has been due and not done."""

    case: timedelta
    delivery: timedelta


class Due:
    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def cases(self, *, limit: int) -> Sequence[tuple[WorkspaceId, CaseId]]:
        """Cases whose clocks have something to say, the longest due first."""
        asked = {"now": self._now, "most": limit}
        found = self._session.connection().execute(DUE_CASES, asked).all()
        return cast("Sequence[tuple[WorkspaceId, CaseId]]", found)  # a row is a tuple

    def digests(self) -> Sequence[tuple[WorkspaceId, TeamId]]:
        """Teams whose digest is due."""
        query = select(teams.c.workspace, teams.c.id).where(teams.c.next_digest_at <= self._now)
        found = self._session.execute(query)
        return [(WorkspaceId(row.workspace), TeamId(row.id)) for row in found]

    def lateness(self) -> Lateness:
        """Zero where nothing is late. A message in a lane that rests is not late."""
        case = self._session.scalar(select(func.min(cases.c.next_check_at)))
        could_go_at = sql_case(
            (lanes.c.free_at > deliveries.c.due_at, lanes.c.free_at), else_=deliveries.c.due_at
        )
        query = (
            select(func.min(could_go_at, type_=Instant))
            .join_from(deliveries, lanes, in_its_lane)
            .where(deliveries.c.due_at <= self._now, lanes.c.free_at <= self._now)
        )
        return Lateness(self._since(case), self._since(self._session.scalar(query)))

    def findings(self) -> Sequence[str]:
        """What the auditor found, and is not over."""
        query = select(findings.c.said).where(findings.c.over_at.is_(None))
        return self._session.scalars(query).all()

    def waiting(self) -> int:
        """How many messages are due."""
        query = select(func.count()).where(deliveries.c.due_at <= self._now)
        return self._session.scalar(query) or 0

    def _since(self, instant: datetime | None) -> timedelta:
        return max(timedelta(0), self._now - instant) if instant else timedelta(0)


def lease(session: Session, *, at: datetime, lasting: timedelta, limit: int) -> list[Owed]:
    """The next message of each lane that is free. The lanes stay shut for ``lasting``.

    A lane holds its order: while its first message waits to be tried again, the lane waits.
    """
    free = {(lane.workspace, lane.channel): lane for lane in _free_lanes(session, at, limit)}
    owed = []
    for delivery in _first_in(session, list(free)):
        assert delivery.due_at is not None  # noqa: S101  for mypy: the query says so
        workspace = delivery.workspace  # type: ignore[attr-defined]  # marked by the store
        until = at + lasting if delivery.due_at <= at else delivery.due_at
        _shut(session, workspace, delivery.channel, until)
        if delivery.due_at <= at:
            owed.append(Owed(workspace, delivery, delivery.begin(at=at)))
    return owed


def _free_lanes(session: Session, at: datetime, limit: int) -> Sequence[Row[str, str]]:
    waits = exists().where(in_its_lane, deliveries.c.due_at <= at)
    query = (
        select(lanes.c.workspace, lanes.c.channel)
        .where(lanes.c.free_at <= at, waits)
        .order_by(lanes.c.free_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return session.execute(query).all()


def _first_in(session: Session, free: list[tuple[str, str]]) -> Sequence[Delivery]:
    if not free:
        return []
    place = func.row_number().over(
        partition_by=(deliveries.c.workspace, deliveries.c.channel),
        order_by=(
            deliveries.c.owed_at,
            deliveries.c.case,
            deliveries.c.event,
            deliveries.c.key,
        ),
    )
    waiting = (
        select(deliveries, place.label("place"))
        .where(
            tuple_(deliveries.c.workspace, deliveries.c.channel).in_(free),
            deliveries.c.due_at.is_not(None),
        )
        .subquery()
    )
    first = aliased(Delivery, waiting)
    return session.scalars(select(first).where(waiting.c.place == 1)).all()


def _shut(session: Session, workspace: str, channel: ChannelId, until: datetime) -> None:
    session.execute(
        lanes.update()
        .where(lanes.c.workspace == workspace, lanes.c.channel == channel)
        .values(free_at=until)
    )
