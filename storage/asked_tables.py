"""The tables of what we were asked: requests that had their effect, texts for later."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Named, Table, Text, TypedColumns

from storage.metadata import metadata
from storage.types import Instant


class SeenColumns(TypedColumns):
    """A request that has had its effect."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    key: Named[str] = Column(primary_key=True)
    seen_at: Named[datetime] = Column(Instant, index=True)


inbox = Table("inbox", metadata, SeenColumns)
nonces = Table("nonces", metadata, SeenColumns)  # by the hash of its signature


class DraftColumns(TypedColumns):
    """A text too long for the form that it was meant for."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    id: Named[str] = Column(primary_key=True)
    text: Named[str] = Column(Text)
    kept_at: Named[datetime] = Column(Instant, index=True)


drafts = Table("drafts", metadata, DraftColumns)
