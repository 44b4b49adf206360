"""When Slack last answered about people, and how far the list of people has been read."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.people import WorkspaceId
from storage.requests.upsert import insert_once
from storage.tables import slack_contacts as contacts
from storage.types import EPOCH

READ_EVERY = timedelta(minutes=20)
"""Often enough that a worker can fail midway, and everyone is still confirmed within the hour."""

NEXT_RUN = timedelta(minutes=1)
ROUND_AT_MOST = timedelta(hours=1)
"""An interrupted round older than this begins again: its first pages count no more."""

ADD = insert_once(contacts)


class Contacts:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now
        self._this = contacts.c.workspace == workspace

    def answered(self) -> None:
        """Note that Slack answered."""
        self._set(answered_at=self._now)

    def failed(self) -> None:
        """Note that Slack could not be reached, or failed."""
        self._set(failed_at=self._now)

    def is_run_due(self) -> bool:
        """Return whether ``begin_run`` would begin a run, without locking anything."""
        due_at = self._session.scalar(select(contacts.c.people_due_at).where(self._this))
        return due_at is None or due_at <= self._now

    def begin_run(self, *, again: bool = False) -> str | None:
        """Return the cursor of the next page of people to read; None if no run is due.

        An empty cursor stands for the first page. Other workers find no run due for a minute.
        ``again`` begins at the first page now, even if everyone was read recently.
        """
        self._add()
        row = self._session.execute(select(contacts).where(self._this).with_for_update()).one()
        if row.people_due_at > self._now and not again:
            return None
        self._set(people_due_at=self._now + NEXT_RUN)
        is_old = row.people_began_at <= self._now - ROUND_AT_MOST
        if again or is_old or not row.people_cursor:
            self._set(people_cursor="", people_began_at=self._now)
            return ""
        return str(row.people_cursor)

    def page_read(self, next_cursor: str) -> None:
        """Note that Slack answered with a page; an empty ``next_cursor`` ends the round."""
        self._set(answered_at=self._now, people_cursor=next_cursor)
        if not next_cursor:
            began = select(contacts.c.people_began_at).where(self._this)
            due = self._session.scalars(began).one() + READ_EVERY
            self._set(people_due_at=due)

    def _add(self) -> None:
        connection = self._session.connection()
        row = {
            **{"workspace": self._workspace, "people_cursor": ""},
            **{"people_began_at": EPOCH, "people_due_at": EPOCH},
        }
        connection.execute(ADD[connection.dialect.name], row)

    def _set(self, **facts: datetime | str) -> None:
        self._add()
        self._session.execute(update(contacts).where(self._this).values(facts))
