"""Deduplication of requests that Slack delivers more than once."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from bot.people import WorkspaceId
from storage.requests.upsert import insert_once
from storage.tables import inbox

KEPT_FOR = timedelta(days=2)
"""Slack retries a request for five minutes, and delayed events for up to a day."""

REMEMBER = {name: it.returning(inbox.c.key) for name, it in insert_once(inbox).items()}

ONE = select(inbox.c.key).where(
    inbox.c.workspace == bindparam("workspace_id"), inbox.c.key == bindparam("request")
)


class Inbox:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def mark_handled(self, *keys: str) -> bool:
        """Mark a request as handled and return whether any of its keys was marked before.

        A concurrent duplicate waits for the first transaction to end. If that is rolled back,
        the duplicate is handled as new.
        """
        if not keys:
            return False
        common = {"workspace": self._workspace, "seen_at": self._now}
        # Sorted, so that two transactions insert in the same order and cannot deadlock.
        rows = [{"key": key, **common} for key in sorted(set(keys))]
        connection = self._session.connection()
        new = connection.execute(REMEMBER[connection.dialect.name], rows).all()
        return len(new) < len(rows)

    def has(self, key: str) -> bool:
        """Return whether the key is marked, without marking it."""
        params = {"workspace_id": self._workspace, "request": key}
        return self._session.connection().scalar(ONE, params) is not None

    def forget_old(self) -> None:
        in_workspace = inbox.c.workspace == self._workspace
        old = inbox.c.seen_at < self._now - KEPT_FOR
        self._session.execute(delete(inbox).where(in_workspace, old))
