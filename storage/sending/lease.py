"""Taking what is due from its lane, and what is to be swept: one sender at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from bot.delivery import (
    BACKGROUND_EDITS,
    EDITS,
    YIELD_FOR,
    Delivery,
    DeliveryKind,
    SendQuota,
    State,
    Try,
    gather,
)
from bot.people import WorkspaceId
from storage.sending.crowded_lanes import most_urgent_nudges
from storage.tables import deliveries, lanes, send_quotas


def _first_of_lane(column: str) -> ScalarSelect[object]:
    """The index holds the whole order, so that a lane's length does not matter."""
    first = deliveries.alias("first")
    return (
        select(first.c[column])
        .where(first.c.workspace == lanes.c.workspace, first.c.lane == lanes.c.lane)
        .where(first.c.due_at.is_not(None))
        .order_by(first.c.queued_at, first.c.case, first.c.event, first.c.key)
        .limit(1)
        .correlate(lanes)
        .scalar_subquery()
    )


IS_A_PERSONS = or_(lanes.c.lane.startswith("U"), lanes.c.lane.startswith("W"))
OPEN_QUOTA = (  # made once, as all of these: they are asked every second
    select(SendQuota)
    .where(
        send_quotas.c.workspace == bindparam("ours"),
        send_quotas.c.shut_for == "",
        send_quotas.c.paced_until <= bindparam("now"),
        exists().where(
            deliveries.c.workspace == send_quotas.c.workspace,
            deliveries.c.due_at <= bindparam("now"),
        ),
    )
    .with_for_update(skip_locked=True)
)
DUE_HEADS = (
    select(_first_of_lane("key"))
    .where(lanes.c.workspace == bindparam("ours"), lanes.c.free_at <= bindparam("now"))
    .where(_first_of_lane("due_at") <= bindparam("now"))
    .order_by(
        and_(IS_A_PERSONS, _first_of_lane("queued_at") > bindparam("lately")), lanes.c.free_at
    )
    .limit(bindparam("most"))
    .with_for_update(of=lanes, skip_locked=True)
)
NAMED = select(Delivery).where(
    deliveries.c.workspace == bindparam("ours"),
    deliveries.c.key.in_(bindparam("keys", expanding=True)),
)


@dataclass(frozen=True)
class LeasedDelivery:
    """A message whose turn has come, and the try that began with the lease."""

    workspace: WorkspaceId
    delivery: Delivery
    attempt: Try
    gathered: int = 0  # the nudges that it was made of just now


@dataclass(frozen=True)
class Sweep:
    """A message to look for twins of; ``until`` is its fence."""

    workspace: WorkspaceId
    delivery: Delivery
    until: datetime


def lease(
    session: Session, ours: WorkspaceId, *, at: datetime, lasting: timedelta, limit: int
) -> list[LeasedDelivery]:
    """The next message of each lane that is free. The lanes stay shut for ``lasting``.

    A lane holds its order: while its first message waits to be tried again, the lane waits.
    Where the turn of a nudge has come, and too many wait in its lane, the worst are gathered now.
    There are no more than the workspace's pace allows, to which edits do not count: of those
    Slack takes so many a minute, whatever is posted beside them.
    """
    if (send_quota := session.scalar(OPEN_QUOTA, {"ours": ours, "now": at})) is None:
        return []
    session.info["workspace"] = ours  # of what is gathered
    heads = _heads(session, ours, at=at, limit=limit)
    edits = [head for head in heads if head.lane in (EDITS, BACKGROUND_EDITS)]
    posts = [head for head in heads if head not in edits]
    low_priority = sum(post.yields_to_channels(at=at) for post in posts)
    heads = edits + posts[: send_quota.reserve(len(posts), low_priority=low_priority, at=at)]
    for head in heads:
        _shut(session, ours, head.lane, at + lasting)
    return [_begun(session, ours, head, send_quota.extra_quiesce, at=at) for head in heads]


def sweeps(
    session: Session, ours: WorkspaceId, *, at: datetime, lasting: timedelta, limit: int
) -> list[Sweep]:
    """Messages that may have twins, kept from other processes for ``lasting``."""
    query = (
        select(Delivery)
        .where(deliveries.c.workspace == ours, deliveries.c.sweep_at <= at)
        .order_by(deliveries.c.sweep_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = []
    for delivery in session.scalars(query):
        delivery.sweep_at = until = at + lasting
        taken.append(Sweep(ours, delivery, until))
    return taken


def probe_is_due(session: Session, ours: WorkspaceId, *, at: datetime) -> bool:
    """Whether Slack takes nothing from us, and it is time to ask it again."""
    query = select(SendQuota).where(send_quotas.c.workspace == ours, send_quotas.c.probe_at <= at)
    if (send_quota := session.scalar(query.with_for_update(skip_locked=True))) is None:
        return False
    send_quota.probe(at=at)
    return True


def _heads(
    session: Session, workspace: WorkspaceId, *, at: datetime, limit: int
) -> Sequence[Delivery]:
    """The first messages of the free lanes, where they are due: that of the longest free first,
    so that each lane gets its turn when there is more than the pace allows.
    """
    asked = {"ours": workspace, "now": at, "most": limit, "lately": at - YIELD_FOR}
    keys = session.scalars(DUE_HEADS, asked).all()
    if not keys:
        return []
    heads = session.scalars(NAMED, {"ours": workspace, "keys": keys})
    return sorted(heads, key=lambda head: (head.yields_to_channels(at=at), keys.index(head.key)))


def _begun(
    session: Session, ours: WorkspaceId, head: Delivery, extra_quiesce: timedelta, *, at: datetime
) -> LeasedDelivery:
    """A try at the head of a lane, or at a message of the worst of those that crowd it."""
    crowd = most_urgent_nudges(session, ours, head.lane) if _may_be_gathered(head) else []
    if not (gathered := gather(crowd, at=at)):
        return LeasedDelivery(ours, head, head.begin(at=at, extra_quiesce=extra_quiesce))
    [message] = gathered  # there are no more cases than one tells of
    message.go_before(head)
    session.add(message)
    return LeasedDelivery(
        ours, message, message.begin(at=at, extra_quiesce=extra_quiesce), len(crowd)
    )


def _may_be_gathered(head: Delivery) -> bool:
    return head.kind is DeliveryKind.NUDGE and head.state is State.QUEUED


def _shut(session: Session, workspace: str, lane: str, until: datetime) -> None:
    session.execute(
        lanes.update()
        .where(lanes.c.workspace == workspace, lanes.c.lane == lane)
        .values(free_at=until)
    )
