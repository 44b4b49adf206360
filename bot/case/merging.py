"""Two cases turn out to be one: one of them ends, and goes on in the other."""

from datetime import datetime

from bot.case.event import YES, Change, EventKind, Fact
from bot.case.facts import Status
from bot.case.permissions import Step
from bot.case.record import CaseRecord
from bot.errors import MergedIntoItself
from bot.people import CaseId, Person


class Merging(CaseRecord):
    def merge(self, into: "Merging", *, by: Person, at: datetime) -> None:
        """End as a duplicate of another case. Who waited for this one hears how that one ends.

        What is restricted stays so: the other case is to go on with what this one says.
        """
        self.may(Step.MERGE, by)
        if into is self:
            raise MergedIntoItself(self.id)
        into.may(Step.MERGE, by)
        self.status, self.over_at, self.merged_into = Status.MERGED, at, into.id
        self._record(EventKind.MERGED, at=at, by=by, other=into.id)
        waiting = dict.fromkeys([*into.followers, self.reporter, *self.followers])
        into.followers = tuple(it for it in waiting if it != into.reporter)
        restricts = self.restricted and not into.restricted
        into.restricted |= self.restricted
        changes = (Change(Fact.RESTRICTED, "", YES),) if restricts else ()
        into._record(EventKind.ABSORBED, at=at, by=by, other=self.id, changes=changes)

    @property
    def absorbed(self) -> list[CaseId]:
        """The cases that were merged into this one."""
        return [it.other for it in self.history if it.kind is EventKind.ABSORBED and it.other]
