"""What somebody is in the workspace, and in which user groups, as Slack last told us."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from bot.people import GroupId, Person, Standing, UserId, WorkspaceId
from storage.requests.upsert import insert_or_update
from storage.tables import group_members as members
from storage.tables import people

FRESH_FOR = timedelta(days=1)
"""Slack tells us of changes; what it told while nobody listened is asked for again."""

ONE = (
    select(people.c.standing, people.c.runs_slack, members.c.group)
    .join(
        members,
        and_(members.c.workspace == people.c.workspace, members.c.member == people.c.user),
        isouter=True,
    )
    .where(people.c.workspace == bindparam("ours"), people.c.user == bindparam("one"))
)
KEEP = insert_or_update(people, "standing", "runs_slack", "seen_at")


class People:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def look_up(self, user: UserId) -> Person:
        """Somebody; of unknown standing, if Slack has told us nothing of them yet."""
        asked = {"ours": self._workspace, "one": user}
        found = self._session.connection().execute(ONE, asked).all()
        if not found:
            return Person(user)
        groups = frozenset(GroupId(row.group) for row in found if row.group is not None)
        return Person(user, groups, found[0].standing, found[0].runs_slack)

    def keep(self, user: UserId, standing: Standing, *, runs_slack: bool) -> None:
        """What Slack says of somebody now."""
        row = {"workspace": self._workspace, "user": user, "seen_at": self._now}
        connection = self._session.connection()
        told = row | {"standing": standing, "runs_slack": runs_slack}
        connection.execute(KEEP[connection.dialect.name], told)

    def to_ask_for(self, among: Iterable[UserId]) -> list[UserId]:
        """Those of whom Slack has told us nothing lately."""
        fresh = select(people.c.user).where(
            people.c.workspace == self._workspace, people.c.seen_at > self._now - FRESH_FOR
        )
        return sorted(set(among) - set(map(UserId, self._session.scalars(fresh))))
