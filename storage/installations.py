"""The workspaces that installed us."""

import secrets
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from bot.audit import NOTHING
from bot.delivery import SendQuota
from bot.people import WorkspaceId
from storage.tables import audit_heads, workspaces
from storage.types import EPOCH

ONE = select(workspaces).where(workspaces.c.id == bindparam("one"))


@dataclass(frozen=True)
class Installation:
    """One workspace, as Slack describes it and us in it."""

    workspace: WorkspaceId
    name: str
    url: str
    bot_id: str
    bot_user: str


class Installations:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def get(self) -> Installation | None:
        row = self._session.connection().execute(ONE, {"one": self._workspace}).first()
        if row is None:
            return None
        return Installation(self._workspace, row.name, row.url, row.bot_id, row.bot_user)

    def key(self) -> bytes:
        """What this workspace's buttons and forms are signed with."""
        query = select(workspaces.c.key).where(workspaces.c.id == self._workspace)
        return bytes.fromhex(self._session.scalars(query).one())

    def keep(self, installation: Installation) -> None:
        facts = {
            "name": installation.name,
            "url": installation.url,
            "bot_id": installation.bot_id,
            "bot_user": installation.bot_user,
        }
        if self.get() is None:
            counted = {"cases": 0, "teams": 0, "key": secrets.token_hex(32)}
            row = {"id": self._workspace, **counted, **facts}
            self._session.execute(insert(workspaces).values(row))
            begun = {"workspace": self._workspace, "number": 0, "seal": NOTHING}
            self._session.execute(insert(audit_heads).values(begun))
            self._session.add(SendQuota(paced_until=EPOCH, limited_until=EPOCH))
        else:
            ours = workspaces.c.id == self._workspace
            self._session.execute(update(workspaces).where(ours).values(facts))
