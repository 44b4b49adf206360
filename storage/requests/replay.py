"""Replay protection: each signed request is accepted once."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.people import WorkspaceId
from storage.requests.upsert import insert_once
from storage.tables import nonces

KEPT_FOR = timedelta(minutes=10)
"""A signature is valid from five minutes before until five minutes after its timestamp."""

REMEMBER = {name: it.returning(nonces.c.key) for name, it in insert_once(nonces).items()}


class Nonces:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def use(self, *nonces: str) -> set[str]:
        """Mark nonces as used and return those that were new."""
        common = {"workspace": self._workspace, "seen_at": self._now}
        # Sorted, so that two transactions insert in the same order and cannot deadlock.
        rows = [{"key": nonce, **common} for nonce in sorted(nonces)]
        connection = self._session.connection()
        return {*connection.scalars(REMEMBER[connection.dialect.name], rows)}

    def forget_old(self) -> None:
        in_workspace = nonces.c.workspace == self._workspace
        old = nonces.c.seen_at < self._now - KEPT_FOR
        self._session.execute(delete(nonces).where(in_workspace, old))
