"""A case and its lifecycle."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.case.facts import NewCase, Reason, Resolution, Source, Status
from bot.case.story import Story
from bot.case.watch import crossed_clocks, follow_clocks, waits_too_long
from bot.delivery import Delivery
from bot.errors import (
    AlreadyClaimed,
    AlreadyResolved,
    NotClaimed,
    NotResolved,
    NotWaiting,
    ResumeByPassed,
    SamePriority,
    TooLateToReopen,
)
from bot.escalation import who_to_tell
from bot.events import Event, EventKind
from bot.people import CaseId, ChannelId, Person, UserId, reference
from bot.priority import Priority
from bot.roles import Step, permit
from bot.sla import Clock, Metric
from bot.team import Policy, Waiting
from bot.teams import Team

REOPEN_WITHIN = timedelta(days=7)


@dataclass(eq=False, kw_only=True)
class Case:
    """One customer problem under escalation: one row, one card, one thread."""

    id: CaseId
    team: Team
    team_revision: int  # of the document that it was opened under
    customer: str
    summary: str
    reasons: tuple[Reason, ...]
    priority: Priority
    opened_priority: Priority  # its promise was chosen by this one
    category: str
    ticket_link: str
    source: Source | None
    wish: str
    reporter: UserId
    opened_at: datetime
    card: Delivery
    status: Status = Status.OPEN
    owner: UserId | None = None
    resolved_at: datetime | None = None
    outcome: str = ""
    root_cause: str = ""
    prevention: str = ""
    next_check_at: datetime | None = None  # when time next has something to say
    clocks: list[Clock] = field(default_factory=list)
    history: list[Event] = field(default_factory=list)

    @classmethod
    def open(cls, wanted: NewCase, team: Team, *, id_: CaseId, by: Person, at: datetime) -> "Case":
        permit(Step.ESCALATE, by, team, reporter=by.user, owner=None)
        case = cls(
            **vars(wanted),
            id=id_,
            team=team,
            team_revision=team.revision,
            opened_priority=wanted.priority,
            reporter=by.user,
            opened_at=at,
            card=Delivery.of_card(id_, team.channel, at=at),
        )
        case._record(EventKind.OPENED, at=at, by=by)
        return case

    @property
    def reference(self) -> str:
        return reference(self.id)

    @property
    def policy(self) -> Policy:
        """What is promised for a case like this, by the document in force."""
        return self.story.policy_in(self.team.document)

    @property
    def story(self) -> Story:
        """What its clocks are made from."""
        happenings = (event.happening() for event in self.history)
        return Story(
            id=self.id,
            customer=self.customer,
            category=self.category,
            source=self.source,
            priority=self.priority,
            opened_priority=self.opened_priority,
            opened_at=self.opened_at,
            resolved_at=self.resolved_at,
            happenings=tuple(it for it in happenings if it is not None),
        )

    def clock(self, metric: Metric) -> Clock | None:
        """The newest of its clocks that measures this."""
        cycles = [clock for clock in self.clocks if clock.metric == metric]
        return max(cycles, key=lambda clock: clock.cycle, default=None)

    @property
    def next_due(self) -> Clock | None:
        """Of the clocks that run, the one that is due first."""
        running = [(clock.due_at, clock) for clock in self.clocks if clock.running]
        due = [(due_at, clock) for due_at, clock in running if due_at is not None]
        return min(due, key=lambda it: it[0])[1] if due else None

    def claim(self, *, by: Person, at: datetime) -> None:
        """Take the case. Its owner answers for it from now on; to claim one's own is harmless."""
        self._permit(Step.CLAIM, by)
        self._not_resolved()
        if self.owner == by.user:
            return
        if self.owner is not None:
            raise AlreadyClaimed(self.id, self.owner)
        self.status, self.owner = Status.CLAIMED, by.user
        self._record(EventKind.CLAIMED, at=at, by=by)

    def may_be_seen(self, *, by: Person, where: ChannelId | None) -> None:
        """In its own channel everyone sees the card; elsewhere not everyone may ask for it.

        Raises:
            NotAllowed: it is not this person's to see.
        """
        if where != self.card.channel:
            self._permit(Step.SEE, by)

    def may_update(self, person: Person) -> None:
        """Raises what the steps of an owner on a running case would."""
        self._not_resolved()
        self._permit(Step.UPDATE, person)

    def update(self, note: str, *, by: Person, at: datetime) -> None:
        """Tell what is new."""
        self.may_update(by)
        self._record(EventKind.UPDATED, at=at, by=by, note=note)

    def contact(self, note: str, *, by: Person, at: datetime) -> None:
        """Log that one of us spoke with the customer: a response to them, and an update."""
        self.may_update(by)
        self._record(EventKind.CONTACTED, at=at, by=by, note=note)

    def hear(self, note: str, *, by: Person, at: datetime) -> None:
        """Log what the customer answered. It ends a wait on them."""
        self.may_update(by)
        if (wait := self.wait_in_force) is not None and wait.on is Waiting.CUSTOMER:
            self.status = Status.CLAIMED
        self._record(EventKind.REPLIED, at=at, by=by, note=note)

    @property
    def wait_in_force(self) -> Event | None:
        """What the case waits for, if it waits."""
        if self.status is not Status.WAITING:
            return None
        return next(it for it in reversed(self.history) if it.kind is EventKind.WAITING)

    def look_again_at(self, *, after: datetime) -> datetime:
        """By when to look at a waiting case again, if nobody says otherwise: a working day on."""
        calendar = self.policy.calendar
        return calendar.after(after, timedelta(hours=calendar.day_hours))

    def wait(self, on: Waiting, why: str, *, resume_by: datetime, by: Person, at: datetime) -> None:
        """Set the case aside until the customer or a third party answers."""
        self.may_update(by)
        if self.owner is None:
            raise NotClaimed(self.id)
        if resume_by <= at:
            raise ResumeByPassed
        self.status = Status.WAITING
        self._record(EventKind.WAITING, at=at, by=by, note=why, on=on, resume_by=resume_by)

    def resume(self, *, by: Person, at: datetime) -> None:
        self.may_update(by)
        if self.status is not Status.WAITING:
            raise NotWaiting(self.id)
        self.status = Status.CLAIMED
        self._record(EventKind.RESUMED, at=at, by=by)

    def change_priority(self, to: Priority, why: str, *, by: Person, at: datetime) -> None:
        self.may_update(by)
        if to is self.priority:
            raise SamePriority(self.id, to)
        self.priority = to
        self._record(EventKind.PRIORITY_CHANGED, at=at, by=by, note=why, to=to)

    def may_resolve(self, person: Person) -> None:
        """Raises what ``resolve`` would, so that nobody fills a form in vain."""
        self._not_resolved()
        self._permit(Step.RESOLVE, person)

    def resolve(self, resolution: Resolution, *, by: Person, at: datetime) -> None:
        self.may_resolve(by)
        self.status, self.resolved_at = Status.RESOLVED, at
        self.outcome = resolution.outcome
        self.root_cause = resolution.root_cause
        self.prevention = resolution.prevention
        self._record(EventKind.RESOLVED, at=at, by=by)

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

    def tick(self, *, at: datetime) -> None:
        """Let time pass: record what has been crossed, the most severe of it. Else harmless."""
        if follow_clocks(self, at=at):
            self.card.owe_again(at=at)
        if crossed := crossed_clocks(self.clocks, at=at):
            self._record(crossed.kind, at=at, clocks=crossed.clocks)
        elif waits_too_long(self, at=at):
            self._record(EventKind.OVERDUE, at=at)

    def _permit(self, step: Step, person: Person) -> None:
        permit(step, person, self.team, reporter=self.reporter, owner=self.owner)

    def _not_resolved(self) -> None:
        if self.status is Status.RESOLVED:
            raise AlreadyResolved(self.id)

    def _record(
        self, kind: EventKind, *, at: datetime, by: Person | None = None, **facts: Any
    ) -> None:
        """Write history, owe it to whoever must hear of it, and show it on the card."""
        user = by.user if by is not None else None
        event = Event(len(self.history) + 1, kind, at, user, **facts)
        self.history.append(event)
        follow_clocks(self, at=at)
        event.tells = who_to_tell(self, event)
        if kind is not EventKind.OPENED:
            self.card.owe_again(at=at)
