"""People of a workspace: their kind of account and user groups, as last reported by Slack."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from bot.people import GroupId, Person, Standing, UserId, WorkspaceId
from storage.requests.upsert import insert_or_update
from storage.tables import group_members as members
from storage.tables import people
from storage.types import readable

FRESH_FOR = timedelta(days=1)
"""After this time a person is queried again: Slack sends change events, but we may miss some."""

ONE = (
    select(people.c.standing, people.c.runs_slack, members.c.group)
    .join(
        members,
        and_(members.c.workspace == people.c.workspace, members.c.member == people.c.user),
        isouter=True,
    )
    .where(people.c.workspace == bindparam("workspace_id"), people.c.user == bindparam("person"))
    .where(readable(people.c.standing))
)
KEEP = insert_or_update(people, "standing", "runs_slack", "seen_at")


class People:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def look_up(self, user: UserId) -> Person:
        """Return a person and their user groups; of unknown standing if Slack was not asked yet."""
        params = {"workspace_id": self._workspace, "person": user}
        found = self._session.connection().execute(ONE, params).all()
        if not found:
            return Person(user)
        groups = frozenset(GroupId(row.group) for row in found if row.group is not None)
        return Person(user, groups, found[0].standing, found[0].runs_slack)

    def keep(self, user: UserId, standing: Standing, *, runs_slack: bool) -> None:
        """Store what Slack now says about a person."""
        key = {"workspace": self._workspace, "user": user}
        facts = {"standing": standing, "runs_slack": runs_slack, "seen_at": self._now}
        connection = self._session.connection()
        connection.execute(KEEP[connection.dialect.name], key | facts)

    def outdated(self, among: Iterable[UserId]) -> list[UserId]:
        """Return those people whose details were not refreshed within the last day."""
        fresh = select(people.c.user).where(
            people.c.workspace == self._workspace, people.c.seen_at > self._now - FRESH_FOR
        )
        return sorted(set(among) - set(map(UserId, self._session.scalars(fresh))))
