"""Crowded lanes: choosing the most urgent nudges, to be sent as one message."""

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from bot.case.recipients import NUDGES
from bot.case.urgency import URGENCY
from bot.delivery import CASES_AT_MOST, Delivery, DeliveryKind, State
from bot.people import WorkspaceId
from storage.cases.eager_load import IDS
from storage.tables import cases, deliveries, events
from storage.types import readable

WAITING = (
    deliveries.c.workspace == bindparam("workspace_id"),
    deliveries.c.lane == bindparam("lane"),
    deliveries.c.kind == DeliveryKind.NUDGE,
    deliveries.c.state == State.QUEUED,
    deliveries.c.due_at.is_not(None),
    readable(deliveries.c.audience),
)
IN_ORDER = (deliveries.c.queued_at, deliveries.c.case, deliveries.c.event, deliveries.c.key)
MOST_COMPARED = 2000
"""Only the first nudges of a lane are compared, so that a long lane stays cheap."""

# Ordered like the lane, so that SQLite uses the lane's index instead of reading the whole outbox.
waiting = (
    select(deliveries.c.workspace, deliveries.c.case, deliveries.c.event, deliveries.c.queued_at)
    .where(*WAITING)
    .order_by(*IN_ORDER)
    .limit(MOST_COMPARED)
    .subquery()
)
OF_ITS_EVENT = and_(
    events.c.workspace == waiting.c.workspace,
    events.c.case == waiting.c.case,
    events.c.number == waiting.c.event,
)
OF_ITS_CASE = and_(cases.c.workspace == waiting.c.workspace, cases.c.id == waiting.c.case)
SEVERITY = sql_case({kind: place for place, kind in enumerate(NUDGES)}, value=events.c.kind)
WORST = (
    select(waiting.c.case)
    .join(events, OF_ITS_EVENT)
    .join(cases, OF_ITS_CASE)
    .group_by(waiting.c.case, cases.c.priority)
    .order_by(func.max(SEVERITY).desc(), sql_case(URGENCY, value=cases.c.priority))
    .order_by(func.min(waiting.c.queued_at), waiting.c.case)
    .limit(CASES_AT_MOST)
)
NUDGES_OF = (
    select(Delivery)
    .where(*WAITING, deliveries.c.case.in_(IDS))
    .order_by(*IN_ORDER)
    .with_for_update()
)


def most_urgent_nudges(session: Session, workspace: WorkspaceId, lane: str) -> Sequence[Delivery]:
    """Lock and load a lane's nudges for its most urgent cases, up to ``CASES_AT_MOST`` cases."""
    params = {"workspace_id": workspace, "lane": lane}
    worst = session.scalars(WORST, params).all()
    return session.scalars(NUDGES_OF, {**params, "ids": worst}).all()
