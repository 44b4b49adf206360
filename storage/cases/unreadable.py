"""Cases that this version cannot read: put off when they are due, and tried again later.

A word of a newer version does this, after a return to an older one, or a damaged row.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from bot.delivery import card_key
from bot.people import CaseId, WorkspaceId
from storage.cases.find import Cases
from storage.requests.upsert import insert_once
from storage.sending.outbox import Outbox
from storage.tables import cases, unreadable_cases

PUT_OFF = timedelta(hours=1)
"""The self-check tries again each minute, so a case that is readable again does not wait for it."""

NOTE = {
    name: insert.returning(unreadable_cases.c.case)
    for name, insert in insert_once(unreadable_cases).items()
}


class UnreadableCases:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def put_off(self, case_id: CaseId) -> bool:
        """Put off the check of a due case. Return whether it was readable until now."""
        connection = self._session.connection()
        row = {"workspace": self._workspace, "case": case_id, "found_at": self._now}
        noted = connection.scalar(NOTE[connection.dialect.name], row)
        due = cases.c.next_check_at <= self._now  # unless a newer process has checked it
        self._schedule(case_id, due, at=self._now + PUT_OFF)
        return noted is not None

    def try_again(self) -> None:
        """Schedule a check, and an update of the card, of each case that is readable again."""
        here = unreadable_cases.c.workspace == self._workspace
        noted = self._session.scalars(select(unreadable_cases.c.case).where(here)).all()
        for case in Cases(self._session, self._workspace).look_up_all(list(map(CaseId, noted))):
            this = unreadable_cases.c.case == case.id
            self._session.execute(delete(unreadable_cases).where(here, this))
            self._schedule(case.id, cases.c.next_check_at.is_not(None), at=self._now)
            Outbox(self._session, self._workspace).request_update(card_key(case.id), at=self._now)

    def _schedule(self, case_id: CaseId, *only_if: ColumnElement[bool], at: datetime) -> None:
        this = (cases.c.workspace == self._workspace, cases.c.id == case_id)
        self._session.execute(
            update(cases)
            .where(*this, *only_if)
            .values(next_check_at=at)
            .execution_options(synchronize_session=False)
        )
