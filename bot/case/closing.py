"""End a case or take it up again: resolve, decline, merge, reopen, appeal."""

from datetime import datetime, time, timedelta

from bot.business_time import at_wall_time, time_zone
from bot.case.clocks import missed_promises
from bot.case.event import EventKind
from bot.case.facts import (
    OVER,
    STAGE_NAMES,
    YES,
    Fact,
    FactChange,
    Prevention,
    Refusal,
    Resolution,
    Status,
)
from bot.case.permissions import Step, is_granted
from bot.case.recorder import CaseRecorder
from bot.errors import (
    AlreadyAppealed,
    AppealInstead,
    CannotRate,
    ContinuedElsewhere,
    DayPassed,
    MergedIntoItself,
    MissReasonNeeded,
    NotDeclined,
    NothingToPrevent,
    NotOpen,
    ReopenedMeanwhile,
    StepsMissing,
    StillOpen,
    TooLateToReopen,
)
from bot.people import CaseId, Person
from bot.sla import Metric
from bot.text import join_names

REMIND_AT = time(9)  # of the prevention, in the time zone of the team
RATINGS = (EventKind.HELPED, EventKind.NOT_HELPED)


class Closing(CaseRecorder):
    """The steps that end a case, and those that follow its end."""

    def may_resolve(self, person: Person) -> None:
        """Raise what ``resolve`` would, before the person fills in the form."""
        self._require_open()
        self._permit(Step.RESOLVE, person)

    def resolve(self, resolution: Resolution, *, by: Person, at: datetime) -> None:
        """Resolve the case, and plan the prevention if there is one.

        Raises:
            StepsMissing: steps were left out and the resolution does not say why.
            MissReasonNeeded: a target was missed and the resolution does not say why.
            DayPassed: 9:00 on the day of the prevention, when its owner is reminded, is past.
        """
        self.may_resolve(by)
        if self.missing and not resolution.left_out:
            raise StepsMissing(self.id, join_names(STAGE_NAMES[stage] for stage in self.missing))
        if resolution.miss_reason is None and self.missed(at=at):
            raise MissReasonNeeded(self.id)
        if resolution.prevention_plan is not None:
            self._plan_prevention(resolution.prevention_plan, at=at)
        if resolution.left_out and self.missing:
            left_out = {"stages": tuple(self.missing), "note": resolution.left_out}
            self._record(EventKind.SKIPPED, at=at, by=by, **left_out)
        self.status, self.over_at = Status.RESOLVED, at
        self.outcome = resolution.outcome
        self.root_cause = resolution.root_cause
        self.prevention = resolution.prevention
        self.miss_reason, self.miss_note = resolution.miss_reason, resolution.miss_note
        self._record(EventKind.RESOLVED, at=at, by=by)

    def _plan_prevention(self, prevention_plan: Prevention, *, at: datetime) -> None:
        zone = time_zone(self.team.document.team.timezone)
        by = at_wall_time(prevention_plan.by, REMIND_AT, zone)
        if by <= at:
            raise DayPassed
        self.prevention_owner, self.prevention_by = prevention_plan.owner, by

    def missed(self, *, at: datetime) -> list[Metric]:
        """Return the targets that would be missed if the case were resolved now."""
        return missed_promises(self, at=at)

    def may_reopen_or_continue(self, person: Person) -> None:
        """Raise what ``reopen`` and ``continue_in`` would, however long ago the case ended."""
        if self.status not in OVER or self.over_at is None:
            raise StillOpen(self.id)
        self._require_unmerged()
        self._permit(Step.REOPEN, person)
        if self.status is Status.DECLINED and not is_granted(Step.DECLINE, person, self.team, self):
            raise AppealInstead(self.id)
        if self.continued_in is not None:
            raise ContinuedElsewhere(self.id, self.continued_in)

    def is_long_closed(self, *, at: datetime) -> bool:
        """Return whether the case ended so long ago that a new one must follow it instead."""
        within = timedelta(days=self.team.document.team.reopen_days)
        return self.over_at is not None and at > self.over_at + within

    def may_reopen(self, person: Person, *, at: datetime) -> None:
        """Raise what ``reopen`` would."""
        self.may_reopen_or_continue(person)
        if self.is_long_closed(at=at):
            raise TooLateToReopen(self.id, self.team.document.team.reopen_days)

    def continue_in(self, follower: CaseId, *, by: Person, at: datetime) -> None:
        """Leave the case closed and link the new case that follows it."""
        self.may_reopen_or_continue(by)
        self.continued_in = follower
        self._record(EventKind.CONTINUED, at=at, by=by, other=follower)

    def reopen(self, why: str, *, by: Person, at: datetime) -> None:
        """Open the case again. It goes back to its last owner, if it had one."""
        self.may_reopen(by, at=at)
        self._activate()
        self._record(EventKind.REOPENED, at=at, by=by, note=why)

    def may_decline(self, person: Person) -> None:
        """Raise what ``decline`` would."""
        self._require_open()
        self._permit(Step.DECLINE, person)
        if self.owner is not None:
            raise NotOpen(self.id, self.owner)

    def decline(self, refusal: Refusal, *, by: Person, at: datetime) -> None:
        """Refuse an unclaimed case. Its reporter learns why, and what to do instead."""
        self.may_decline(by)
        self.status, self.over_at = Status.DECLINED, at
        facts = {"note": refusal.why, "next_step": refusal.next_step}
        self._record(EventKind.DECLINED, at=at, by=by, **facts)

    @property
    def may_be_appealed(self) -> bool:
        """Whether the case is declined and was never appealed: one appeal per case."""
        appealed = any(event.kind is EventKind.APPEALED for event in self.history)
        return self.status is Status.DECLINED and not appealed

    def may_appeal(self, person: Person) -> None:
        """Raise what ``appeal`` would."""
        if self.status is not Status.DECLINED:
            raise NotDeclined(self.id)
        self._permit(Step.APPEAL, person)
        if not self.may_be_appealed:
            raise AlreadyAppealed(self.id)

    def appeal(self, why: str, *, by: Person, at: datetime) -> None:
        """Appeal against a declined case, which opens it again."""
        self.may_appeal(by)
        declined = self.end
        self._activate()
        other_person = declined.by if declined else None
        self._record(EventKind.APPEALED, at=at, by=by, other_person=other_person, note=why)

    def _activate(self) -> None:
        self.over_at = None
        self.status = Status.OPEN if self.owner is None else Status.CLAIMED

    def merge(self, into: "Closing", *, by: Person, at: datetime) -> None:
        """End this case as a duplicate of ``into``. Its reporter and followers follow that one.

        If one of the two is restricted, so is the other: they say the same.

        Raises:
            MergedIntoItself: ``into`` is this case.
            WrongState: one of the two is over.
        """
        self.may(Step.MERGE, by)
        if into is self:
            raise MergedIntoItself(self.id)
        into.may(Step.MERGE, by)
        self.status, self.over_at, self.merged_into = Status.MERGED, at, into.id
        restricts = (FactChange(Fact.RESTRICTED, "", YES),)
        own_change = restricts if into.restricted and not self.restricted else ()
        other_change = restricts if self.restricted and not into.restricted else ()
        self.restricted = into.restricted = self.restricted or into.restricted
        self._record(EventKind.MERGED, at=at, by=by, other=into.id, changes=own_change)
        waiting = dict.fromkeys([*into.followers, self.reporter, *self.followers])
        into.followers = tuple(it for it in waiting if it != into.reporter)
        into._record(EventKind.ABSORBED, at=at, by=by, other=self.id, changes=other_change)

    def restrict_like(self, later: "Closing", *, by: Person, at: datetime) -> None:
        """Restrict this case like the one that it was merged into or that continues it."""
        if self.restricted != later.restricted:
            before, after = ("", YES) if later.restricted else (YES, "")
            self.restricted = later.restricted
            change = FactChange(Fact.RESTRICTED, before, after)
            self._record(EventKind.EDITED, at=at, by=by, changes=(change,))

    def rate(self, *, helped: bool, by: Person, at: datetime) -> None:
        """Record whether the resolution helped. Repeating the same rating does nothing.

        Raises:
            ReopenedMeanwhile: the case is not resolved.
            CannotRate: the person neither reported nor followed it.
        """
        if self.status is not Status.RESOLVED or self.end is None:
            raise ReopenedMeanwhile(self.id)
        if by.user not in (self.reporter, *self.followers):
            raise CannotRate(self.id)
        kind = EventKind.HELPED if helped else EventKind.NOT_HELPED
        since = self.history[self.end.number :]
        ratings = [event.kind for event in since if event.kind in RATINGS and event.by == by.user]
        if ratings[-1:] != [kind]:
            self._record(kind, at=at, by=by)

    def prevent(self, *, by: Person, at: datetime) -> None:
        """Record that the prevention is done. Repeating it does nothing.

        Raises:
            NothingToPrevent: the case is not resolved, or plans no prevention.
        """
        if self.status is not Status.RESOLVED or self.prevention_by is None:
            raise NothingToPrevent(self.id)
        if self.history[-1].kind is not EventKind.PREVENTED:
            self._record(EventKind.PREVENTED, at=at, by=by)
