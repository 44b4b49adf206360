"""Members of Slack user groups, as last reported by Slack."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.people import GroupId, WorkspaceId
from storage.requests.upsert import insert_or_update
from storage.tables import group_members as members
from storage.tables import group_reads

READ_EVERY = timedelta(minutes=1)
READ = {
    dialect: upsert.returning(group_reads.c.group)
    for dialect, upsert in insert_or_update(group_reads, "read_at", newest_by="read_at").items()
}


class Groups:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def outdated(self, among: Iterable[GroupId], *, at: datetime) -> list[GroupId]:
        """Return those groups whose members were not read within the last minute."""
        fresh = select(group_reads.c.group).where(
            group_reads.c.workspace == self._workspace, group_reads.c.read_at > at - READ_EVERY
        )
        return sorted(set(among) - set(map(GroupId, self._session.scalars(fresh))))

    def replace(self, group: GroupId, people: Iterable[str], *, asked_at: datetime) -> None:
        """Replace the stored members of a group, unless newer ones are known."""
        key = {"workspace": self._workspace, "group": group}
        connection = self._session.connection()
        # Written first: it locks the group's row, so two workers do not insert the same members.
        read = connection.execute(READ[connection.dialect.name], key | {"read_at": asked_at})
        if read.first() is None:
            return
        in_workspace = members.c.workspace == self._workspace
        connection.execute(delete(members).where(in_workspace, members.c.group == group))
        if rows := [key | {"member": person} for person in sorted(set(people))]:
            connection.execute(insert(members), rows)
