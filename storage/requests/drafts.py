"""Drafts: texts that are too long for a field of a Slack form."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.people import WorkspaceId
from storage.tables import drafts

KEPT_FOR = timedelta(days=7)


class Drafts:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def keep(self, text: str) -> str:
        """Store a text and return its id."""
        id_ = secrets.token_hex(8)
        row = {"workspace": self._workspace, "id": id_, "text": text, "kept_at": self._now}
        self._session.execute(insert(drafts).values(row))
        return id_

    def find(self, id_: str) -> str:
        """Return the text; empty if the id is unknown or the draft was deleted after a week."""
        in_workspace = drafts.c.workspace == self._workspace
        query = select(drafts.c.text).where(in_workspace, drafts.c.id == id_)
        return self._session.scalar(query) or ""

    def forget_old(self) -> None:
        in_workspace = drafts.c.workspace == self._workspace
        old = drafts.c.kept_at < self._now - KEPT_FOR
        self._session.execute(delete(drafts).where(in_workspace, old))
