"""Signed requests, each good for one time: whoever sends the same bytes again gets nothing."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.people import WorkspaceId
from storage.requests.upsert import insert_once
from storage.tables import nonces

KEPT_FOR = timedelta(minutes=10)
"""A signature is good for five minutes before and after its time."""

REMEMBER = {name: it.returning(nonces.c.key) for name, it in insert_once(nonces).items()}


class Nonces:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def use(self, *nonces: str) -> set[str]:
        """Those of requests that were not answered before; from now on they were."""
        ours = {"workspace": self._workspace, "seen_at": self._now}
        rows = [{"key": nonce, **ours} for nonce in sorted(nonces)]  # in one order by all
        connection = self._session.connection()
        return {*connection.scalars(REMEMBER[connection.dialect.name], rows)}

    def forget_old(self) -> None:
        ours = nonces.c.workspace == self._workspace
        old = nonces.c.seen_at < self._now - KEPT_FOR
        self._session.execute(delete(nonces).where(ours, old))
