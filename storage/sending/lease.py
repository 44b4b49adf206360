"""Leases: a worker takes the due messages of free lanes, and duplicates to sweep up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from bot.delivery import (
    BACKGROUND_EDITS,
    EDITS,
    PACE,
    REDACTIONS,
    YIELD_FOR,
    Delivery,
    DeliveryKind,
    SendQuota,
    Stamp,
    State,
    Try,
    gather,
)
from bot.people import WorkspaceId
from storage.sending.crowded_lanes import most_urgent_nudges
from storage.tables import deliveries, lanes, send_quotas
from storage.types import readable


def _first_of_lane(column: str) -> ScalarSelect[object]:
    """Return a subquery for a column of a lane's first unsettled message.

    The index covers the whole sort order, so the length of a lane does not matter. A message that
    this version cannot read does not hold up the others.
    """
    first = deliveries.alias("first")
    return (
        select(first.c[column])
        .where(first.c.workspace == lanes.c.workspace, first.c.lane == lanes.c.lane)
        .where(first.c.due_at.is_not(None))
        .where(readable(first.c.kind, first.c.audience, first.c.state))
        .order_by(first.c.queued_at, first.c.case, first.c.event, first.c.key)
        .limit(1)
        .correlate(lanes)
        .scalar_subquery()
    )


# Slack's user ids begin with U, or W in Enterprise Grid.
IS_PERSONAL = or_(lanes.c.lane.startswith("U"), lanes.c.lane.startswith("W"))
OPEN_QUOTA = (  # built once, like the statements below: they run every second
    select(SendQuota)
    .where(
        send_quotas.c.workspace == bindparam("workspace_id"),
        send_quotas.c.shut_for == "",
        send_quotas.c.paced_until <= bindparam("now"),
        exists().where(
            deliveries.c.workspace == send_quotas.c.workspace,
            deliveries.c.due_at <= bindparam("now"),
        ),
    )
    .with_for_update(skip_locked=True)  # another worker is sending for this workspace: skip it
)
DUE_HEADS = (
    select(_first_of_lane("key"))
    .where(lanes.c.workspace == bindparam("workspace_id"), lanes.c.free_at <= bindparam("now"))
    .where(_first_of_lane("due_at") <= bindparam("now"))
    # False sorts before True, so redactions come first and recent direct messages last.
    .order_by(lanes.c.lane != REDACTIONS)
    .order_by(and_(IS_PERSONAL, _first_of_lane("queued_at") > bindparam("lately")), lanes.c.free_at)
    .limit(bindparam("most"))
    .with_for_update(of=lanes, skip_locked=True)  # never wait for another worker's lane
)
REDACTION_IS_DUE = select(
    exists().where(
        deliveries.c.workspace == bindparam("workspace_id"),
        deliveries.c.lane == REDACTIONS,
        deliveries.c.due_at <= bindparam("now"),
    )
)
NAMED = select(Delivery).where(
    deliveries.c.workspace == bindparam("workspace_id"),
    deliveries.c.key.in_(bindparam("keys", expanding=True)),
)


@dataclass(frozen=True)
class LeasedDelivery:
    """A message to send, and the try that began with the lease."""

    workspace: WorkspaceId
    delivery: Delivery
    attempt: Try
    stamp: Stamp
    gathered: int = 0  # how many nudges were just combined into it


@dataclass(frozen=True)
class Sweep:
    """A message that may have been posted twice.

    ``until`` is the end of the lease and serves as a fencing token: a worker that finishes later
    finds another value and changes nothing.
    """

    workspace: WorkspaceId
    delivery: Delivery
    until: datetime


def lease(
    session: Session, workspace: WorkspaceId, *, at: datetime, lasting: timedelta, limit: int
) -> list[LeasedDelivery]:
    """Lease the next message of each free lane, up to ``limit``, and close the lanes.

    The lanes stay closed for ``lasting``. A lane keeps its order: while its first message waits
    for a retry, the lane waits. If the next message is a nudge and its lane is crowded, the most
    urgent nudges are combined into one message. Posts count against the workspace's send quota;
    edits do not, because Slack has a rate limit of their own for them. They share that limit, so
    all other edits wait while a redaction is due.
    """
    if (send_quota := session.scalar(OPEN_QUOTA, {"workspace_id": workspace, "now": at})) is None:
        return []
    session.info["workspace"] = workspace  # combined messages are new objects and need it
    if (allowed := send_quota.tries_allowed(at=at)) is not None:
        limit = min(limit, allowed)
    heads = _heads(session, workspace, at=at, limit=limit) if limit else []
    edits = [head for head in heads if head.lane in (EDITS, BACKGROUND_EDITS, REDACTIONS)]
    posts = [head for head in heads if head not in edits]
    edits = _redactions_first(session, workspace, edits, at=at)
    low_priority = sum(post.yields_to_channels(at=at) for post in posts)
    heads = edits + posts[: send_quota.reserve(len(posts), low_priority=low_priority, at=at)]
    for head in heads:
        _close(session, workspace, head.lane, at + lasting)
    if not heads:
        return []
    send_quota.begin_try(at=at)
    stamp = send_quota.next_stamp()
    return [_begin(session, workspace, head, send_quota, stamp, at=at) for head in heads]


def sweeps(
    session: Session, workspace: WorkspaceId, *, at: datetime, lasting: timedelta, limit: int
) -> list[Sweep]:
    """Lease up to ``limit`` messages that may have been posted twice, for ``lasting``."""
    query = (
        select(Delivery)
        .where(deliveries.c.workspace == workspace, deliveries.c.sweep_at <= at)
        .where(readable(deliveries.c.kind, deliveries.c.audience, deliveries.c.state))
        .order_by(deliveries.c.sweep_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = []
    for delivery in session.scalars(query):
        delivery.sweep_at = until = at + lasting
        taken.append(Sweep(workspace, delivery, until))
    return taken


def probe_is_due(session: Session, workspace: WorkspaceId, *, at: datetime) -> bool:
    """Return whether Slack rejects everything and should be tried again now.

    True for one worker only: this schedules the next probe.
    """
    this = send_quotas.c.workspace == workspace
    query = select(SendQuota).where(this, send_quotas.c.probe_at <= at)
    if (send_quota := session.scalar(query.with_for_update(skip_locked=True))) is None:
        return False
    send_quota.probe(at=at)
    return True


def _heads(
    session: Session, workspace: WorkspaceId, *, at: datetime, limit: int
) -> Sequence[Delivery]:
    """Return the due first messages of free lanes, the longest idle lane first.

    This order gives every lane its turn when there is more to send than the quota allows. Recent
    direct messages come last.
    """
    params = {"workspace_id": workspace, "now": at, "most": limit, "lately": at - YIELD_FOR}
    keys = session.scalars(DUE_HEADS, params).all()
    if not keys:
        return []
    heads = session.scalars(NAMED, {"workspace_id": workspace, "keys": keys})
    return sorted(heads, key=lambda head: (head.yields_to_channels(at=at), keys.index(head.key)))


def _redactions_first(
    session: Session, workspace: WorkspaceId, edits: list[Delivery], *, at: datetime
) -> list[Delivery]:
    """Return the edits that may go now: while a redaction is due, the lanes of others pause."""
    others = [edit for edit in edits if edit.lane != REDACTIONS]
    params = {"workspace_id": workspace, "now": at}
    if not others or not session.scalar(REDACTION_IS_DUE, params):
        return edits
    for edit in others:
        _close(session, workspace, edit.lane, at + PACE)
    return [edit for edit in edits if edit.lane == REDACTIONS]


def _begin(
    session: Session,
    workspace: WorkspaceId,
    head: Delivery,
    send_quota: SendQuota,
    stamp: Stamp,
    *,
    at: datetime,
) -> LeasedDelivery:
    """Begin a try at the first message of a lane or, in a crowded lane, at a combined message."""
    crowd = most_urgent_nudges(session, workspace, head.lane) if _may_be_gathered(head) else []
    message = head
    if gathered := gather(crowd, at=at):
        [message] = gathered  # one, because the query is limited to CASES_AT_MOST cases
        message.go_before(head)
        session.add(message)
    attempt = message.begin(at=at, extra_quiesce=send_quota.extra_quiesce)
    if send_quota.errors:
        attempt = replace(attempt, probes=True)
    return LeasedDelivery(workspace, message, attempt, stamp, len(crowd) if gathered else 0)


def _may_be_gathered(head: Delivery) -> bool:
    return head.kind is DeliveryKind.NUDGE and head.state is State.QUEUED and head.ts is None


def _close(session: Session, workspace: str, lane: str, until: datetime) -> None:
    session.execute(
        lanes.update()
        .where(lanes.c.workspace == workspace, lanes.c.lane == lane)
        .values(free_at=until)
    )
