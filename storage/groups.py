"""Members of Slack user groups, as last reported by Slack."""

from collections.abc import Iterable

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from bot.people import GroupId, WorkspaceId
from storage.tables import group_members as members


class Groups:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def replace(self, group: GroupId, people: Iterable[str]) -> None:
        """Replace the stored members of a group."""
        in_workspace = members.c.workspace == self._workspace
        self._session.execute(delete(members).where(in_workspace, members.c.group == group))
        rows = [
            {"workspace": self._workspace, "group": group, "member": person}
            for person in sorted(set(people))
        ]
        if rows:
            self._session.execute(insert(members), rows)
