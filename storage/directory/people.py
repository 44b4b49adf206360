"""People of a workspace: their kind of account and user groups, as last reported by Slack."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from bot.people import GroupId, Person, Standing, UserId, WorkspaceId
from bot.slack_contact import SlackContact
from storage.requests.upsert import insert_or_update
from storage.tables import group_members as members
from storage.tables import group_reads, people, slack_contacts
from storage.types import readable

ONE = (
    select(
        *(people.c.standing, people.c.runs_slack, people.c.seen_at),
        *(members.c.group, group_reads.c.read_at),
        *(slack_contacts.c.answered_at, slack_contacts.c.failed_at),
    )
    .join(slack_contacts, slack_contacts.c.workspace == people.c.workspace, isouter=True)
    .join(
        members,
        and_(members.c.workspace == people.c.workspace, members.c.member == people.c.user),
        isouter=True,
    )
    .join(
        group_reads,
        and_(
            group_reads.c.workspace == members.c.workspace, group_reads.c.group == members.c.group
        ),
        isouter=True,
    )
    .where(people.c.workspace == bindparam("workspace_id"), people.c.user == bindparam("person"))
    .where(readable(people.c.standing))
)
KEEP = insert_or_update(people, "standing", "runs_slack", "seen_at", newest_by="seen_at")


class People:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def look_up(self, user: UserId) -> Person:
        """Return a person with what Slack confirmed lately, for a decision on what they may do.

        A member whom Slack did not confirm is of unknown standing; one who was refused before
        stays so.
        """
        if not (found := self._rows(user)):
            return Person(user)
        person = self._described(user, found)
        if person.standing is Standing.MEMBER and not self._is_confirmed(found[0], "seen_at"):
            return replace(person, standing=Standing.UNKNOWN)
        return person

    def last_known(self, user: UserId) -> Person:
        """Return a person whose kind of account is as Slack last described it, however long ago.

        For the recipients of messages: a nudge is not dropped because Slack is slow to confirm.
        """
        found = self._rows(user)
        return self._described(user, found) if found else Person(user)

    def keep(self, *described: Person, asked_at: datetime) -> None:
        """Store what Slack says about people, unless something newer is known.

        ``asked_at`` is when Slack was asked, because an event may arrive before the answer.
        """
        rows = [
            {
                "workspace": self._workspace,
                "user": person.user,
                "standing": person.standing,
                "runs_slack": person.runs_slack,
                "seen_at": asked_at,
            }
            for person in sorted(described, key=lambda person: person.user)  # no deadlocks
        ]
        if rows:
            connection = self._session.connection()
            connection.execute(KEEP[connection.dialect.name], rows)

    def outdated(self, user: UserId) -> bool:
        """Return whether Slack should be asked about a person: their details count no more."""
        query = select(people.c.seen_at).where(
            people.c.workspace == self._workspace, people.c.user == user
        )
        return not SlackContact().confirms(self._session.scalar(query), at=self._now)

    def _described(self, user: UserId, found: Sequence[Any]) -> Person:
        groups = _groups(row for row in found if self._is_confirmed(row, "read_at"))
        first = found[0]
        return Person(user, groups, first.standing, first.runs_slack, _groups(found) - groups)

    def _is_confirmed(self, row: Any, column: str) -> bool:
        contact = SlackContact(row.answered_at, row.failed_at)
        return contact.confirms(getattr(row, column), at=self._now)

    def _rows(self, user: UserId) -> Sequence[Any]:
        """Return a row for each user group of the person, or one row; none if they are unknown."""
        params = {"workspace_id": self._workspace, "person": user}
        return self._session.connection().execute(ONE, params).all()


def _groups(rows: Iterable[Any]) -> frozenset[GroupId]:
    return frozenset(GroupId(row.group) for row in rows if row.group is not None)
