"""Requests already seen, so that none counts twice."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.people import WorkspaceId
from storage.tables import inbox

KEPT_FOR = timedelta(days=2)
"""Slack may send a request again for five minutes, and with delayed events for a day."""


class Inbox:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def seen(self, key: str) -> bool:
        """Whether this request has had its effect; from now on it has."""
        ours = inbox.c.workspace == self._workspace
        if self._session.scalar(select(inbox.c.key).where(ours, inbox.c.key == key)):
            return True
        row = {"workspace": self._workspace, "key": key, "seen_at": self._now}
        self._session.execute(insert(inbox).values(row))
        return False

    def forget_old(self) -> None:
        ours = inbox.c.workspace == self._workspace
        old = inbox.c.seen_at < self._now - KEPT_FOR
        self._session.execute(delete(inbox).where(ours, old))
