"""Taking what is due from its lane, and what is to be swept: one sender at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, bindparam, exists, select
from sqlalchemy.orm import Session

from bot.delivery import Delivery, Outlet, Try
from bot.people import WorkspaceId
from storage.sending_tables import deliveries, lanes, outlets

WORKSPACES_AT_MOST = 100
"""That one run serves; the next begins with those that waited longest."""


def _first_of_lane(column: str) -> ScalarSelect[object]:
    """The index holds the whole order, so that a lane's length does not matter."""
    first = deliveries.alias("first")
    return (
        select(first.c[column])
        .where(first.c.workspace == lanes.c.workspace, first.c.lane == lanes.c.lane)
        .where(first.c.due_at.is_not(None))
        .order_by(first.c.owed_at, first.c.case, first.c.event, first.c.key)
        .limit(1)
        .correlate(lanes)
        .scalar_subquery()
    )


OPEN_OUTLETS = (  # made once, as all of these: they are asked every second
    select(Outlet)
    .where(
        outlets.c.shut_for == "",
        outlets.c.paced_until <= bindparam("now"),
        exists().where(
            deliveries.c.workspace == outlets.c.workspace, deliveries.c.due_at <= bindparam("now")
        ),
    )
    .order_by(outlets.c.paced_until)
    .limit(WORKSPACES_AT_MOST)
    .with_for_update(skip_locked=True)
)
DUE_HEADS = (
    select(_first_of_lane("key"))
    .where(lanes.c.workspace == bindparam("ours"), lanes.c.free_at <= bindparam("now"))
    .where(_first_of_lane("due_at") <= bindparam("now"))
    .order_by(lanes.c.free_at)
    .limit(bindparam("most"))
    .with_for_update(of=lanes, skip_locked=True)
)
NAMED = select(Delivery).where(
    deliveries.c.workspace == bindparam("ours"),
    deliveries.c.key.in_(bindparam("keys", expanding=True)),
)


@dataclass(frozen=True)
class Owed:
    """A message whose turn has come, and the try that began with the lease."""

    workspace: WorkspaceId
    delivery: Delivery
    attempt: Try


@dataclass(frozen=True)
class Sweep:
    """A message to look for twins of; ``until`` is its fence."""

    workspace: WorkspaceId
    delivery: Delivery
    until: datetime


def lease(session: Session, *, at: datetime, lasting: timedelta, limit: int) -> list[Owed]:
    """The next message of each lane that is free. The lanes stay shut for ``lasting``.

    A lane holds its order: while its first message waits to be tried again, the lane waits.
    Each workspace gets no more than its pace allows, and those that waited longest come first.
    """
    owed: list[Owed] = []
    for outlet in _open_outlets(session, at):
        workspace: WorkspaceId = outlet.workspace  # type: ignore[attr-defined]  # marked by the store
        heads = _heads(session, workspace, at=at, limit=limit - len(owed))
        for head in heads[: outlet.take(len(heads), at=at)]:
            _shut(session, workspace, head.lane, at + lasting)
            owed.append(Owed(workspace, head, head.begin(at=at)))
    return owed


def sweeps(session: Session, *, at: datetime, lasting: timedelta, limit: int) -> list[Sweep]:
    """Messages that may have twins, kept from other processes for ``lasting``."""
    query = select(Delivery).where(deliveries.c.sweep_at <= at).order_by(deliveries.c.sweep_at)
    taken = []
    for delivery in session.scalars(query.limit(limit).with_for_update(skip_locked=True)):
        delivery.sweep_at = until = at + lasting
        workspace = delivery.workspace  # type: ignore[attr-defined]  # marked by the store
        taken.append(Sweep(workspace, delivery, until))
    return taken


def probes(session: Session, *, at: datetime) -> list[WorkspaceId]:
    """Workspaces that take nothing from us, and that it is time to ask again."""
    query = select(Outlet).where(outlets.c.probe_at <= at).with_for_update(skip_locked=True)
    found = session.scalars(query).all()
    for outlet in found:
        outlet.probe(at=at)
    return [outlet.workspace for outlet in found]  # type: ignore[attr-defined]  # as above


def _open_outlets(session: Session, at: datetime) -> Sequence[Outlet]:
    """The ways out on which something waits and can go."""
    return session.scalars(OPEN_OUTLETS, {"now": at}).all()


def _heads(
    session: Session, workspace: WorkspaceId, *, at: datetime, limit: int
) -> Sequence[Delivery]:
    """The first messages of the free lanes, where they are due: that of the longest free first,
    so that each lane gets its turn when there is more than the pace allows.
    """
    asked = {"ours": workspace, "now": at, "most": limit}
    keys = session.scalars(DUE_HEADS, asked).all()
    if not keys:
        return []
    heads = session.scalars(NAMED, {"ours": workspace, "keys": keys})
    return sorted(heads, key=lambda head: keys.index(head.key))


def _shut(session: Session, workspace: str, lane: str, until: datetime) -> None:
    session.execute(
        lanes.update()
        .where(lanes.c.workspace == workspace, lanes.c.lane == lane)
        .values(free_at=until)
    )
