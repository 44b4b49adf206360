"""The nudges that crowd a lane: those of the cases that most need somebody."""

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from bot.case.recipients import NUDGES
from bot.delivery import CASES_AT_MOST, Delivery, DeliveryKind, State
from bot.people import WorkspaceId
from bot.reports.digest import URGENCY
from storage.cases.eager_load import SOME
from storage.tables import cases, deliveries, events

WAITING = (
    deliveries.c.workspace == bindparam("ours"),
    deliveries.c.lane == bindparam("one"),
    deliveries.c.kind == DeliveryKind.NUDGE,
    deliveries.c.state == State.QUEUED,
    deliveries.c.due_at.is_not(None),
)
IN_ORDER = (deliveries.c.queued_at, deliveries.c.case, deliveries.c.event, deliveries.c.key)
WEIGHED = 2000
"""The first so many of a lane are weighed against each other."""

# Found in the order of their lane, so that SQLite uses its index: it would read all that is owed.
waiting = (
    select(deliveries.c.workspace, deliveries.c.case, deliveries.c.event, deliveries.c.queued_at)
    .where(*WAITING)
    .order_by(*IN_ORDER)
    .limit(WEIGHED)
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
    .where(*WAITING, deliveries.c.case.in_(SOME))
    .order_by(*IN_ORDER)
    .with_for_update()
)


def most_urgent_nudges(session: Session, ours: WorkspaceId, lane: str) -> Sequence[Delivery]:
    """The nudges in a lane of as many cases as one message tells of, kept from others."""
    asked = {"ours": ours, "one": lane}
    worst = session.scalars(WORST, asked).all()
    return session.scalars(NUDGES_OF, {**asked, "some": worst}).all()
