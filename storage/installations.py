"""Workspaces that installed Baton."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from bot.audit import NOTHING
from bot.delivery import SendQuota
from bot.people import WorkspaceId
from storage.tables import audit_heads, workspaces
from storage.types import EPOCH

ONE = select(workspaces).where(workspaces.c.id == bindparam("workspace_id"))


@dataclass(frozen=True)
class Installation:
    """A workspace and Baton's identity in it, as returned by Slack."""

    workspace: WorkspaceId
    name: str
    url: str
    bot_id: str
    bot_user: str


def first_series(key: str) -> str:
    """Return the first series of a workspace's stamps. Every backup of its database has the key."""
    return hashlib.sha256(f"series/{key}".encode()).hexdigest()[:8]


class Installations:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def get(self) -> Installation | None:
        row = self._session.connection().execute(ONE, {"workspace_id": self._workspace}).first()
        if row is None:
            return None
        return Installation(self._workspace, row.name, row.url, row.bot_id, row.bot_user)

    def key(self) -> bytes:
        """Return the key that signs this workspace's buttons and forms."""
        query = select(workspaces.c.key).where(workspaces.c.id == self._workspace)
        return bytes.fromhex(self._session.scalars(query).one())

    def skip_case_numbers(self, count: int) -> None:
        """Leave out case numbers, because cards in Slack may show them."""
        this = workspaces.c.id == self._workspace
        skipped = update(workspaces).where(this).values(cases=workspaces.c.cases + count)
        self._session.execute(skipped)

    def keep(self, installation: Installation) -> None:
        """Insert the workspace, with a new signing key, or update what Slack says about it."""
        facts = {
            "name": installation.name,
            "url": installation.url,
            "bot_id": installation.bot_id,
            "bot_user": installation.bot_user,
        }
        if self.get() is None:
            initial = {"cases": 0, "teams": 0, "key": secrets.token_hex(32)}
            row = {"id": self._workspace, **initial, **facts}
            self._session.execute(insert(workspaces).values(row))
            empty_chain = {"workspace": self._workspace, "number": 0, "seal": NOTHING}
            self._session.execute(insert(audit_heads).values(empty_chain))
            series = first_series(str(row["key"]))
            self._session.add(SendQuota(paced_until=EPOCH, limited_until=EPOCH, series=series))
        else:
            this = workspaces.c.id == self._workspace
            self._session.execute(update(workspaces).where(this).values(facts))
