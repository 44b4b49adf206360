"""Requests already seen, so that none counts twice."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.people import WorkspaceId
from storage.once import insert_once
from storage.tables import inbox

KEPT_FOR = timedelta(days=2)
"""Slack may send a request again for five minutes, and with delayed events for a day."""

REMEMBER = {name: it.returning(inbox.c.key) for name, it in insert_once(inbox).items()}


class Inbox:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def seen(self, *keys: str) -> bool:
        """Whether a request has had its effect, under any of its keys; from now on it has.

        Of two at once the second waits for the first to end: if that failed, it has not.
        """
        new = [self._is_new(key) for key in keys]  # each is kept, whatever the others were
        return not all(new)

    def any(self, prefix: str, *, but: str) -> bool:
        """Whether there is a key that begins so, and does not go on with ``but``."""
        ours = inbox.c.workspace == self._workspace
        others = inbox.c.key.startswith(prefix, autoescape=True), inbox.c.key != prefix + but
        return self._session.scalar(select(inbox.c.key).where(ours, *others).limit(1)) is not None

    def _is_new(self, key: str) -> bool:
        row = {"workspace": self._workspace, "key": key, "seen_at": self._now}
        connection = self._session.connection()
        return connection.execute(REMEMBER[connection.dialect.name], row).first() is not None

    def forget_old(self) -> None:
        ours = inbox.c.workspace == self._workspace
        old = inbox.c.seen_at < self._now - KEPT_FOR
        self._session.execute(delete(inbox).where(ours, old))
