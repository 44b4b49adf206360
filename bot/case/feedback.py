"""Whether a resolution helped, as those see it who waited for it."""

from datetime import datetime

from bot.case.event import EventKind
from bot.case.facts import Status
from bot.case.record import CaseRecord
from bot.errors import GoesOn, NotForYouToSay
from bot.people import Person

SAID = (EventKind.HELPED, EventKind.NOT_HELPED)


class Feedback(CaseRecord):
    def rate(self, *, helped: bool, by: Person, at: datetime) -> None:
        """Say whether it helped. To say the same again is harmless; to change one's mind is not."""
        if self.status is not Status.RESOLVED or self.end is None:
            raise GoesOn(self.id)
        if by.user not in (self.reporter, *self.followers):
            raise NotForYouToSay(self.id)
        kind = EventKind.HELPED if helped else EventKind.NOT_HELPED
        since = self.history[self.end.number :]
        said = [event.kind for event in since if event.kind in SAID and event.by == by.user]
        if said[-1:] != [kind]:
            self._record(kind, at=at, by=by)
