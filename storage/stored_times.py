"""Stored times that lie too far in the future, because the clock was ahead when they were made."""

from datetime import datetime, timedelta

from sqlalchemy import Table, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from bot.case import OVER
from bot.case.due.wrong_clock import TOLERANCE
from bot.people import WorkspaceId
from storage.tables import (
    cases,
    deliveries,
    events,
    group_reads,
    lanes,
    people,
    processes,
    send_quotas,
    slack_contacts,
)

LEASE_AT_MOST = timedelta(seconds=90)
SEARCH_BACK = timedelta(days=1)
"""How far back to search for a message in doubt whose try has a wrong time."""


class StoredTimes:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def bound(self, *, at: datetime) -> None:
        """Bring stored times back to what they can mean.

        A lease ends within 90 seconds, and so does every pause: if Slack asked for a longer one,
        it asks again. What has happened did not happen in the future.
        """
        soon = at + LEASE_AT_MOST
        self._limit(lanes, ["free_at"], soon)
        self._limit(deliveries, ["due_at", "sweep_at"], soon)
        self._limit(deliveries, ["queued_at", "sent_at"], at)
        self._limit(deliveries, ["tried_at", "lost_at"], at, to=at - SEARCH_BACK)
        self._limit(send_quotas, ["paced_until", "limited_until"], at)
        self._limit(send_quotas, ["try_at", "probe_at"], soon)
        self._limit(people, ["seen_at"], at)
        self._limit(group_reads, ["read_at"], at)
        self._limit(slack_contacts, ["answered_at", "failed_at", "people_began_at"], at)
        self._limit(slack_contacts, ["people_due_at"], at)
        self._limit(processes, ["seen_at"], at)

    def check_cases_again(self, *, at: datetime) -> None:
        """Schedule a check of all open cases if events lie in the future, and of their cases."""
        future = and_(events.c.workspace == self._workspace, events.c.at > at + TOLERANCE)
        if not self._session.scalar(select(exists().where(future))):
            return
        has_future_events = cases.c.id.in_(select(events.c.case).where(future))
        waiting = cases.c.next_check_at > at
        self._session.execute(
            update(cases)
            .where(cases.c.workspace == self._workspace)
            .where(or_(waiting & cases.c.status.not_in(OVER), has_future_events))
            .values(next_check_at=at, version=cases.c.version + 1)
            .execution_options(synchronize_session=False)
        )

    def _limit(
        self, table: Table, names: list[str], latest: datetime, *, to: datetime | None = None
    ) -> None:
        for name in names:
            late = and_(table.c.workspace == self._workspace, table.c[name] > latest)
            self._session.connection().execute(
                update(table).where(late).values({name: to or latest})
            )
