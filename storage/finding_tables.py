"""What the auditor found, and what it needs to find it in no time."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Named, Table, Text, TypedColumns

from bot.delivery import Kind, State
from bot.self_check import Invariant
from storage.metadata import metadata
from storage.sending_tables import deliveries
from storage.types import Instant, Word


class FindingColumns(TypedColumns):
    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    key: Named[str] = Column(primary_key=True)
    invariant: Named[Invariant] = Column(Word(Invariant))
    said: Named[str] = Column(Text)
    found_at: Named[datetime] = Column(Instant)
    over_at: Named[datetime | None] = Column(Instant, nullable=True, index=True)


findings = Table("findings", metadata, FindingColumns)

unproven = (
    (deliveries.c.state == State.SENT)
    & deliveries.c.ts.is_(None)
    & (deliveries.c.kind != Kind.HOME)
)
Index(
    "ix_deliveries_unproven",
    deliveries.c.workspace,
    sqlite_where=unproven,
    postgresql_where=unproven,
)
