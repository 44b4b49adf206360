"""Who has a case."""

from datetime import datetime

from bot.case.facts import Status
from bot.case.record import CaseRecord
from bot.errors import AlreadyClaimed
from bot.events import EventKind
from bot.people import Person
from bot.roles import Step


class Claiming(CaseRecord):
    def claim(self, *, by: Person, at: datetime) -> None:
        """Take the case. Its owner answers for it from now on; to claim one's own is harmless."""
        self._permit(Step.CLAIM, by)
        self._not_over()
        if self.owner == by.user:
            return
        if self.owner is not None:
            raise AlreadyClaimed(self.id, self.owner)
        self.status, self.owner = Status.CLAIMED, by.user
        self._record(EventKind.CLAIMED, at=at, by=by)
