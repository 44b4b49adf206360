"""Work on an open case: updates, waits, priority, the five steps, departments, edits."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.case.event import Event, EventKind
from bot.case.facts import Edit, Fact, Mood, Offer, Source, Stage, Status
from bot.case.permissions import Step, is_granted, require_member
from bot.case.recorder import CaseRecorder
from bot.case.task import Task
from bot.customers.customer import key_of
from bot.delivery import Delivery
from bot.errors import (
    AlreadyAnswered,
    NoSuchDepartment,
    NotClaimed,
    NothingToApprove,
    NotWaiting,
    ResumeByPassed,
    SamePriority,
    TooManyReaders,
)
from bot.people import ChannelId, Person
from bot.priority import Priority
from bot.team import Waiting

PARSERS: Mapping[Fact, Callable[[str], Any]] = {
    Fact.SOURCE: lambda text: Source(text) if text else None,
    Fact.MOOD: lambda text: Mood(text) if text else None,
    Fact.PUBLIC_COMPLAINT: bool,
    Fact.CHURN_RISK: bool,
    Fact.RESTRICTED: bool,
}


class Progress(CaseRecorder):
    """The steps that move an open case forward without changing its owner."""

    def update(self, note: str, *, by: Person, at: datetime) -> None:
        """Log an update."""
        self.may(Step.UPDATE, by)
        self._record(EventKind.UPDATED, at=at, by=by, note=note)

    def contact(self, note: str, *, over: Source | None = None, by: Person, at: datetime) -> None:
        """Log contact with the customer, which counts as a response and as an update."""
        self.may(Step.UPDATE, by)
        self._record(EventKind.CONTACTED, at=at, by=by, note=note, over=over)

    def log_reply(self, note: str, *, by: Person, at: datetime) -> None:
        """Log a reply from the customer, which ends a wait for the customer."""
        self.may(Step.UPDATE, by)
        if (wait := self.current_wait) is not None and wait.on is Waiting.CUSTOMER:
            self.status = Status.CLAIMED
        self._record(EventKind.REPLIED, at=at, by=by, note=note)

    def default_resume_by(self, *, after: datetime) -> datetime:
        """Return the default resume-by time of a wait: one working day after ``after``."""
        calendar = self.policy.calendar
        return calendar.after(after, timedelta(hours=calendar.day_hours))

    def wait(self, on: Waiting, why: str, *, resume_by: datetime, by: Person, at: datetime) -> None:
        """Set the case to wait for the customer or a third party.

        Raises:
            NotClaimed: the case has no owner who could resume it.
            ResumeByPassed: ``resume_by`` is not in the future.
        """
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

    def review(self, *, by: Person, at: datetime) -> None:
        """Record that the owner has read the history. Repeating it does nothing."""
        self.may(Step.UPDATE, by)
        if Stage.HISTORY not in self.done:
            self._record(EventKind.REVIEWED, at=at, by=by)

    def find_facts(self, facts: str, root_cause: str, *, by: Person, at: datetime) -> None:
        self.may(Step.UPDATE, by)
        self.root_cause = root_cause or self.root_cause
        self._record(EventKind.FACTS_FOUND, at=at, by=by, note=facts)

    def offer(self, offer: Offer, *, by: Person, at: datetime) -> None:
        """Offer a resolution. Goodwill above the team's limit needs a lead's approval first."""
        self.may(Step.UPDATE, by)
        limit = self.team.document.goodwill.limit
        within = offer.goodwill <= limit or is_granted(Step.APPROVE, by, self.team, self)
        kind = EventKind.OFFERED if within else EventKind.GOODWILL_ASKED
        facts = {"answer": offer.answer, "note": offer.words, "goodwill": offer.goodwill}
        self._record(kind, at=at, by=by, **facts)

    def approve(self, *, by: Person, at: datetime) -> None:
        """Approve goodwill above the limit."""
        asked = self._goodwill_to_settle(by)
        facts = {"answer": asked.answer, "goodwill": asked.goodwill}
        self._record(EventKind.GOODWILL_APPROVED, at=at, by=by, other_person=asked.by, **facts)

    def may_decline_goodwill(self, person: Person) -> None:
        """Raise what ``decline_goodwill`` would."""
        self._goodwill_to_settle(person)

    def decline_goodwill(self, instead: str, *, by: Person, at: datetime) -> None:
        """Decline goodwill above the limit: the owner must make a new offer."""
        asked = self._goodwill_to_settle(by)
        facts = {"note": instead, "goodwill": asked.goodwill, "other_person": asked.by}
        self._record(EventKind.GOODWILL_DECLINED, at=at, by=by, **facts)

    def _goodwill_to_settle(self, person: Person) -> Event:
        self.may(Step.APPROVE, person)
        if (asked := self.goodwill_asked) is None:
            raise NothingToApprove(self.id)
        return asked

    def skip(self, stages: Sequence[Stage], why: str, *, by: Person, at: datetime) -> None:
        """Leave out some of the five steps for a reason, except those already done or left out."""
        self.may(Step.UPDATE, by)
        if skipped := tuple(stage for stage in stages if stage not in self.done | self.left_out):
            self._record(EventKind.SKIPPED, at=at, by=by, stages=skipped, note=why)

    def may_ask(self, person: Person) -> None:
        """Raise what ``ask`` would for any department.

        Raises:
            NoSuchDepartment: the team has no departments.
            TooManyReaders: the case is restricted.
        """
        self.may(Step.UPDATE, person)
        if self.restricted:
            raise TooManyReaders(self.id)
        if not self.team.document.departments:
            raise NoSuchDepartment

    def ask(self, department: str, what: str, *, by: Person, at: datetime) -> None:
        """Post a question to another department, with a due time in open hours.

        Raises:
            NoSuchDepartment: the team has no department of that name.
            TooManyReaders: the case is restricted.
        """
        self.may_ask(by)
        if (asked := self.team.document.departments.get(department)) is None:
            raise NoSuchDepartment
        calendar = self.policy.calendar
        due_at = calendar.after(at, calendar.duration(asked.answer_within))
        number = len(self.history) + 1
        card = Delivery.of_task(self.id, number, ChannelId(asked.channel), at=at)
        self.tasks.append(Task(number, department, what, by.user, at, due_at, card))
        self._record(EventKind.ASKED, at=at, by=by, task=number, note=what)

    def may_answer(self, number: int, person: Person) -> Task:
        """Return the task that the person may answer.

        Every member who can read the question in the department's channel may answer it: they need
        no role in the team that asked.

        Raises:
            NotAllowed: the person is not a member of the workspace.
            AlreadyAnswered: the task already has an answer.
        """
        require_member(person)
        self._require_open()
        task = self.task(number)
        if task.answered_by is not None:
            raise AlreadyAnswered(self.id, task.answered_by)
        return task

    def answer(self, number: int, words: str, *, by: Person, at: datetime) -> None:
        task = self.may_answer(number, by)
        task.answer, task.answered_by, task.answered_at = words, by.user, at
        facts = {"task": number, "other_person": task.asked_by, "note": words}
        self._record(EventKind.ANSWERED, at=at, by=by, **facts)

    def follow(self, note: str, *, by: Person, at: datetime) -> None:
        """Add a colleague's report of the same problem. They are notified when the case ends."""
        self._permit(Step.ESCALATE, by)
        if by.user != self.reporter:
            self.followers = tuple(dict.fromkeys([*self.followers, by.user]))
        self._record(EventKind.FOLLOWED, at=at, by=by, note=note)

    def edit(self, edit: Edit, *, by: Person, at: datetime) -> None:
        """Apply the edited facts. Without a change, nothing is recorded."""
        self.may(Step.COMMENT, by)
        if changes := self.changes_of(edit):
            for change in changes:
                setattr(self, change.fact, PARSERS.get(change.fact, str)(change.after))
            self.customer_key = key_of(self.customer)
            self._record(EventKind.EDITED, at=at, by=by, changes=tuple(changes))
