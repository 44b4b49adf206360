"""Maps the classes of ``bot`` to their tables."""

from sqlalchemy import and_
from sqlalchemy.orm import foreign, registry, relationship

from bot.case import Case
from bot.case.event import Event
from bot.case.task import Task
from bot.delivery import Delivery, DeliveryKind, SendQuota
from bot.reports.digest import Digest
from bot.self_check import Finding
from bot.sla import Clock
from bot.team.team import Revision, Team
from storage import tables as t
from storage.tables import findings, metadata

mapper = registry(metadata=metadata)

mapper.map_imperatively(Team, t.teams, version_id_col=t.teams.c.version)
mapper.map_imperatively(Revision, t.revisions)
mapper.map_imperatively(Clock, t.clocks)
mapper.map_imperatively(Finding, findings)
mapper.map_imperatively(Digest, t.digests)
mapper.map_imperatively(Delivery, t.deliveries)
mapper.map_imperatively(SendQuota, t.send_quotas)
mapper.map_imperatively(
    Event,
    t.events,
    properties={
        "notifications": relationship(
            Delivery,
            primaryjoin=and_(
                t.events.c.workspace == foreign(t.deliveries.c.workspace),
                t.events.c.case == foreign(t.deliveries.c.case),
                t.events.c.number == foreign(t.deliveries.c.event),
            ),
            lazy="raise_on_sql",
            overlaps="card",
        ),
    },
)
mapper.map_imperatively(
    Task,
    t.tasks,
    properties={
        "card": relationship(
            Delivery,
            primaryjoin=and_(
                t.tasks.c.workspace == foreign(t.deliveries.c.workspace),
                t.tasks.c.case == foreign(t.deliveries.c.case),
                t.tasks.c.event == foreign(t.deliveries.c.event),
                t.deliveries.c.kind == DeliveryKind.TASK,
            ),
            lazy="joined",
            innerjoin=True,
            uselist=False,
            overlaps="card,notifications",
        ),
    },
)
# lazy="immediate" loads clocks, tasks and history case by case. "selectin" would filter by
# (workspace, case) pairs, for which SQLite uses only the workspace column of the index and scans
# all rows of the workspace. ``load_related`` loads them for many cases at once.
mapper.map_imperatively(
    Case,
    t.cases,
    version_id_col=t.cases.c.version,  # of two concurrent changes the second fails
    properties={
        "team": relationship(Team, lazy="joined", innerjoin=True, overlaps="card"),
        "card": relationship(
            Delivery,
            primaryjoin=and_(
                t.cases.c.workspace == foreign(t.deliveries.c.workspace),
                t.cases.c.id == foreign(t.deliveries.c.case),
                t.deliveries.c.kind == DeliveryKind.CARD,
            ),
            lazy="joined",
            innerjoin=True,
            uselist=False,
            overlaps="notifications",
        ),
        "clocks": relationship(
            Clock, lazy="immediate", order_by=(t.clocks.c.metric, t.clocks.c.cycle)
        ),
        "tasks": relationship(Task, lazy="immediate", order_by=t.tasks.c.event),
        "history": relationship(Event, lazy="immediate", order_by=t.events.c.number),
    },
)
