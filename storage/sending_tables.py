"""The tables of what is owed: messages, the lanes that they wait in, the ways out to Slack."""

from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Named,
    Table,
    Text,
    TypedColumns,
    or_,
)

from bot.delivery import TROUBLED, Audience, Kind, State
from storage.metadata import metadata
from storage.types import Instant, Length, Word


class DeliveryColumns(TypedColumns):
    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    key: Named[str] = Column(primary_key=True)
    kind: Named[Kind] = Column(Word(Kind))
    audience: Named[Audience] = Column(Word(Audience))
    channel: Named[str]
    owed_at: Named[datetime] = Column(Instant)
    due_at: Named[datetime | None] = Column(Instant, nullable=True)
    case: Named[int | None]
    event: Named[int]
    about: Named[str]
    lane: Named[str]
    state: Named[State] = Column(Word(State))
    wanted: Named[int]
    tries: Named[int]
    failures: Named[int]
    looks: Named[int]
    tried_at: Named[datetime | None] = Column(Instant, nullable=True)
    lost_at: Named[datetime | None] = Column(Instant, nullable=True)
    sent_at: Named[datetime | None] = Column(Instant, nullable=True)
    sweep_at: Named[datetime | None] = Column(Instant, nullable=True)
    generation: Named[int]
    repeated: Named[bool]
    ts: Named[str | None]
    reason: Named[str] = Column(Text)


deliveries = Table(
    "deliveries",
    metadata,
    DeliveryColumns,
    ForeignKeyConstraint(["workspace", "case"], ["cases.workspace", "cases.id"]),
    Index(None, "workspace", "case", "event"),
)
is_card = deliveries.c.kind == Kind.CARD.value
Index(
    "ix_deliveries_cards",  # a case is found by its card
    deliveries.c.workspace,
    deliveries.c.ts,
    sqlite_where=is_card,
    postgresql_where=is_card,
)
unsettled = deliveries.c.due_at.is_not(None)
Index(
    "ix_deliveries_in_their_lanes",  # in the order in which a lane sends them
    deliveries.c.workspace,
    deliveries.c.lane,
    deliveries.c.owed_at,
    deliveries.c.case,
    deliveries.c.event,
    deliveries.c.key,
    sqlite_where=unsettled,
    postgresql_where=unsettled,
)
Index(
    "ix_deliveries_due",
    deliveries.c.workspace,
    deliveries.c.due_at,
    sqlite_where=unsettled,
    postgresql_where=unsettled,
)
to_sweep = deliveries.c.sweep_at.is_not(None)
Index(
    "ix_deliveries_to_sweep",
    deliveries.c.sweep_at,
    sqlite_where=to_sweep,
    postgresql_where=to_sweep,
)
Index("ix_deliveries_parts", deliveries.c.workspace, deliveries.c.about)
# SQLite knows an index by each of its words, and not by a list of them.
in_trouble = or_(*(deliveries.c.state == it for it in TROUBLED))
Index(
    "ix_deliveries_in_trouble",
    deliveries.c.workspace,
    deliveries.c.state,
    deliveries.c.channel,
    sqlite_where=in_trouble,
    postgresql_where=in_trouble,
)


class LaneColumns(TypedColumns):
    """Where messages wait, and one at a time is sent, at Slack's pace."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    lane: Named[str] = Column(primary_key=True)
    free_at: Named[datetime] = Column(Instant)


lanes = Table("lanes", metadata, LaneColumns)


class OutletColumns(TypedColumns):
    """A workspace's way out to Slack."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    paced_until: Named[datetime] = Column(Instant)
    limited_until: Named[datetime] = Column(Instant)
    shut_for: Named[str]
    probe_at: Named[datetime | None] = Column(Instant, nullable=True)
    lag: Named[timedelta] = Column(Length)


outlets = Table("outlets", metadata, OutletColumns)
