"""How a case ends, and how it turns out that it has not."""

from datetime import datetime, timedelta

from bot.case.facts import Resolution, Status
from bot.case.record import CaseRecord
from bot.case.watch import missed_promises
from bot.errors import MissReasonNeeded, NotResolved, TooLateToReopen
from bot.events import EventKind
from bot.people import Person
from bot.roles import Step
from bot.sla import Metric

REOPEN_WITHIN = timedelta(days=7)


class Ending(CaseRecord):
    def may_resolve(self, person: Person) -> None:
        """Raises what ``resolve`` would, so that nobody fills a form in vain."""
        self._not_resolved()
        self._permit(Step.RESOLVE, person)

    def resolve(self, resolution: Resolution, *, by: Person, at: datetime) -> None:
        """Where a promise was missed, somebody says why.

        Raises:
            MissReasonNeeded: nobody has.
        """
        self.may_resolve(by)
        if resolution.miss_reason is None and self.missed(at=at):
            raise MissReasonNeeded(self.id)
        self.status, self.resolved_at = Status.RESOLVED, at
        self.outcome = resolution.outcome
        self.root_cause = resolution.root_cause
        self.prevention = resolution.prevention
        self.miss_reason, self.miss_note = resolution.miss_reason, resolution.miss_note
        self._record(EventKind.RESOLVED, at=at, by=by)

    def missed(self, *, at: datetime) -> list[Metric]:
        """The promises that would be missed ones if the case were resolved now."""
        return missed_promises(self, at=at)

    def may_reopen(self, person: Person, *, at: datetime) -> None:
        """Raises what ``reopen`` would."""
        if self.status is not Status.RESOLVED or self.resolved_at is None:
            raise NotResolved(self.id)
        self._permit(Step.REOPEN, person)
        if at > self.resolved_at + REOPEN_WITHIN:
            raise TooLateToReopen(self.id, REOPEN_WITHIN.days)

    def reopen(self, why: str, *, by: Person, at: datetime) -> None:
        """Find that the resolution was not the end. The last owner has the case again."""
        self.may_reopen(by, at=at)
        self.resolved_at = None
        self.status = Status.OPEN if self.owner is None else Status.CLAIMED
        self._record(EventKind.REOPENED, at=at, by=by, note=why)
