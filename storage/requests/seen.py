"""Requests already seen, so that none counts twice."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from bot.people import WorkspaceId
from storage.requests.upsert import insert_once
from storage.tables import inbox

KEPT_FOR = timedelta(days=2)
"""Slack may send a request again for five minutes, and with delayed events for a day."""

REMEMBER = {name: it.returning(inbox.c.key) for name, it in insert_once(inbox).items()}

ONE = select(inbox.c.key).where(
    inbox.c.workspace == bindparam("ours"), inbox.c.key == bindparam("one")
)


class Inbox:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def seen(self, *keys: str) -> bool:
        """Whether a request has had its effect, under any of its keys; from now on it has.

        Of two at once the second waits for the first to end: if that failed, it has not.
        """
        if not keys:
            return False
        ours = {"workspace": self._workspace, "seen_at": self._now}
        rows = [{"key": key, **ours} for key in sorted(set(keys))]  # in one order by all
        connection = self._session.connection()
        new = connection.execute(REMEMBER[connection.dialect.name], rows).all()
        return len(new) < len(rows)  # each is kept, whatever the others were

    def has(self, key: str) -> bool:
        """Whether there is this key; it stays as it is."""
        current_request = {"ours": self._workspace, "one": key}
        return self._session.connection().scalar(ONE, current_request) is not None

    def forget_old(self) -> None:
        ours = inbox.c.workspace == self._workspace
        old = inbox.c.seen_at < self._now - KEPT_FOR
        self._session.execute(delete(inbox).where(ours, old))
