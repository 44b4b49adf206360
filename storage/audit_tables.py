"""The tables of the audit trail."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Named, Table, Text, TypedColumns

from bot.audit import Decision
from storage.metadata import APPEND_ONLY, metadata
from storage.types import Instant, Word


class AuditColumns(TypedColumns):
    """Who did what, and who was denied it: a chain for each workspace."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    number: Named[int] = Column(primary_key=True, autoincrement=False)
    at: Named[datetime] = Column(Instant)
    who: Named[str | None]
    step: Named[str]
    case: Named[int | None]
    decision: Named[Decision] = Column(Word(Decision))
    before: Named[str] = Column(Text)
    after: Named[str] = Column(Text)
    seal: Named[str]


audit = Table("audit", metadata, AuditColumns, Index(None, "workspace", "case"), info=APPEND_ONLY)


class AuditHeadColumns(TypedColumns):
    """The newest link of each workspace's chain."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    number: Named[int]
    seal: Named[str]


audit_heads = Table("audit_heads", metadata, AuditHeadColumns)
