"""Who waits for a case beside its reporter: people who met the same problem."""

from datetime import datetime

from bot.case.event import EventKind
from bot.case.permissions import Step
from bot.case.record import CaseRecord
from bot.people import Person


class Following(CaseRecord):
    def follow(self, note: str, *, by: Person, at: datetime) -> None:
        """Add what somebody knows, in place of a case of their own; they hear how it ends."""
        self._permit(Step.ESCALATE, by)
        if by.user != self.reporter:
            self.followers = tuple(dict.fromkeys([*self.followers, by.user]))
        self._record(EventKind.FOLLOWED, at=at, by=by, note=note)
