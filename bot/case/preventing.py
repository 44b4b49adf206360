"""What is to keep it from happening again: somebody is reminded until it is done."""

from datetime import datetime

from bot.case.event import EventKind
from bot.case.facts import Status
from bot.case.record import CaseRecord
from bot.errors import NothingToPrevent
from bot.people import Person


class Preventing(CaseRecord):
    def prevent(self, *, by: Person, at: datetime) -> None:
        """Say that it is done; to say so again is harmless."""
        if self.status is not Status.RESOLVED or self.prevention_by is None:
            raise NothingToPrevent(self.id)
        if self.history[-1].kind is not EventKind.PREVENTED:
            self._record(EventKind.PREVENTED, at=at, by=by)
