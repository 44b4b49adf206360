"""What is done on a case while it runs: news of it, waits, another priority."""

from datetime import datetime, timedelta

from bot.case.event import EventKind
from bot.case.facts import Source, Status
from bot.case.permissions import Step
from bot.case.record import CaseRecord
from bot.errors import NotClaimed, NotWaiting, ResumeByPassed, SamePriority
from bot.people import Person
from bot.priority import Priority
from bot.team import Waiting


class Working(CaseRecord):
    def update(self, note: str, *, by: Person, at: datetime) -> None:
        """Tell what is new."""
        self.may(Step.UPDATE, by)
        self._record(EventKind.UPDATED, at=at, by=by, note=note)

    def contact(self, note: str, *, over: Source | None = None, by: Person, at: datetime) -> None:
        """Log that one of us spoke with the customer: a response to them, and an update."""
        self.may(Step.UPDATE, by)
        self._record(EventKind.CONTACTED, at=at, by=by, note=note, over=over)

    def hear(self, note: str, *, by: Person, at: datetime) -> None:
        """Log what the customer answered. It ends a wait on them."""
        self.may(Step.UPDATE, by)
        if (wait := self.wait_in_force) is not None and wait.on is Waiting.CUSTOMER:
            self.status = Status.CLAIMED
        self._record(EventKind.REPLIED, at=at, by=by, note=note)

    def look_again_at(self, *, after: datetime) -> datetime:
        """By when to look at a waiting case again, if nobody says otherwise: a working day on."""
        calendar = self.policy.calendar
        return calendar.after(after, timedelta(hours=calendar.day_hours))

    def wait(self, on: Waiting, why: str, *, resume_by: datetime, by: Person, at: datetime) -> None:
        """Set the case aside until the customer or a third party answers."""
        self.may(Step.WAIT, by)
        if self.owner is None:
            raise NotClaimed(self.id)
        if resume_by <= at:
            raise ResumeByPassed
        self.status = Status.WAITING
        self._record(EventKind.WAITING, at=at, by=by, note=why, on=on, resume_by=resume_by)

    def resume(self, *, by: Person, at: datetime) -> None:
        self.may(Step.RESUME, by)
        if self.status is not Status.WAITING:
            raise NotWaiting(self.id)
        self.status = Status.CLAIMED
        self._record(EventKind.RESUMED, at=at, by=by)

    def change_priority(self, to: Priority, why: str, *, by: Person, at: datetime) -> None:
        self.may(Step.CHANGE_PRIORITY, by)
        if to is self.priority:
            raise SamePriority(self.id, to)
        self.priority = to
        self._record(EventKind.PRIORITY_CHANGED, at=at, by=by, note=why, to=to)
