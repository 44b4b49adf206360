"""Who is in which Slack user group, as Slack last told us."""

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from bot.people import GroupId, UserId, WorkspaceId
from storage.tables import group_members as members

OF_ONE = select(members.c.group).where(
    members.c.workspace == bindparam("ours"), members.c.member == bindparam("one")
)


class Groups:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def of(self, person: UserId) -> frozenset[GroupId]:
        found = self._session.scalars(OF_ONE, {"ours": self._workspace, "one": person})
        return frozenset(map(GroupId, found))

    def replace(self, group: GroupId, people: Iterable[str]) -> None:
        """Put these in place of whoever we thought was in the group."""
        ours = members.c.workspace == self._workspace
        self._session.execute(delete(members).where(ours, members.c.group == group))
        rows = [
            {"workspace": self._workspace, "group": group, "member": person}
            for person in sorted(set(people))
        ]
        if rows:
            self._session.execute(insert(members), rows)
