"""What a case carries: its facts, its clocks, its history, and the one way in which that grows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.case.clock_inputs import Promisable, Story
from bot.case.clocks import follow_clocks, read_clocks
from bot.case.event import Event, EventKind
from bot.case.facts import OVER, MissReason, Mood, Reason, Source, Status
from bot.case.inactivity import Stale, next_stale
from bot.case.permissions import Step, permit
from bot.case.recipients import who_to_tell
from bot.case.task import Task
from bot.delivery import Delivery
from bot.errors import AlreadyDeclined, AlreadyMerged, AlreadyResolved, NoSuchCase
from bot.people import CaseId, Person, UserId, reference
from bot.priority import Priority
from bot.sla import Clock, Metric, Reading
from bot.team import Level, Policy
from bot.team.team import Team

REMIND_EVERY, REMIND_AT_MOST = timedelta(days=7), 5
ENDS = frozenset({EventKind.RESOLVED, EventKind.DECLINED, EventKind.MERGED})
MOVES_OFFERS = frozenset(
    {
        EventKind.CLAIMED,
        EventKind.HANDING_OFF,
        EventKind.HANDED_OFF,
        EventKind.HAND_OFF_DECLINED,
        EventKind.HAND_OFF_LAPSED,
        EventKind.RELEASED,
        EventKind.RESOLVED,
    }
)
"""Of a hand-off, the last of these says how it stands."""


@dataclass(eq=False, kw_only=True)
class CaseRecord(Promisable):
    """The steps of a case's life stand on this, a file for each subject of them."""

    id: CaseId
    team: Team
    team_revision: int  # of the document that it was opened under
    customer: str  # as it was typed
    customer_key: str
    opened_tier: str  # of the customer: a promise does not follow a later import
    summary: str
    reasons: tuple[Reason, ...]
    priority: Priority
    opened_priority: Priority  # its promise was chosen by this one
    category: str
    ticket_link: str
    source: Source | None
    wish: str
    answers: str
    reporter: UserId
    opened_at: datetime
    card: Delivery
    status: Status = Status.OPEN
    mood: Mood | None = None
    public_complaint: bool = False
    churn_risk: bool = False
    restricted: bool = False  # only the few who need it read what it says
    owner: UserId | None = None
    merged_into: CaseId | None = None  # the case that it goes on in
    followers: tuple[UserId, ...] = ()  # who wait for it beside its reporter
    over_at: datetime | None = None
    outcome: str = ""
    root_cause: str = ""
    prevention: str = ""
    prevention_owner: UserId | None = None
    prevention_by: datetime | None = None
    miss_reason: MissReason | None = None
    miss_note: str = ""
    follows: CaseId | None = None
    continued_in: CaseId | None = None
    next_check_at: datetime | None = None  # when time next has something to say
    clocks: list[Clock] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    history: list[Event] = field(default_factory=list)

    @property
    def reference(self) -> str:
        return reference(self.id)

    @property
    def policy(self) -> Policy:
        """What is promised for a case like this, by the document in force."""
        return self.policy_in(self.team.document)

    @property
    def levels(self) -> tuple[Level, ...]:
        """Who hears of it when a promise breaks, by the document in force."""
        return self.team.document.levels_for(self.policy)

    @property
    def story(self) -> Story:
        """What its clocks are made from."""
        happenings = (event.happening() for event in self.history)
        return Story(
            id=self.id,
            customer=self.customer,
            opened_tier=self.opened_tier,
            category=self.category,
            source=self.source,
            priority=self.priority,
            opened_priority=self.opened_priority,
            opened_at=self.opened_at,
            over_at=self.over_at,
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

    @property
    def reopened(self) -> int:
        """How often it turned out not to be over."""
        return sum(event.kind is EventKind.REOPENED for event in self.history)

    @property
    def wait_in_force(self) -> Event | None:
        """What the case waits for, if it waits."""
        if self.status is not Status.WAITING:
            return None
        return next(it for it in reversed(self.history) if it.kind is EventKind.WAITING)

    @property
    def end(self) -> Event | None:
        """What ended the case, if it is over."""
        if self.status not in OVER:
            return None
        return next(it for it in reversed(self.history) if it.kind in ENDS)

    def task(self, number: int) -> Task:
        """What a department was asked by the event of that number.

        Raises:
            NoSuchCase: nothing.
        """
        for task in self.tasks:
            if task.event == number:
                return task
        raise NoSuchCase(self.id)

    @property
    def next_answer_due(self) -> datetime | None:
        """When the next answer of a department is due, of which nobody was reminded yet."""
        waiting = [it.due_at for it in self.tasks if it.is_open and it.reminded_at is None]
        return min(waiting, default=None) if self.status not in OVER else None

    def unanswered(self, *, at: datetime) -> Task | None:
        """A task that is due, and of which nobody was reminded yet."""
        if self.next_answer_due is None or at < self.next_answer_due:
            return None
        return next(it for it in self.tasks if it.is_open and it.due_at == self.next_answer_due)

    @property
    def prevention_due(self) -> datetime | None:
        """When to remind of what is to keep it from happening again."""
        if self.prevention_by is None or self.status is not Status.RESOLVED or self.end is None:
            return None
        since = self.history[self.end.number :]
        reminded = [event for event in since if event.kind is EventKind.PREVENTION_DUE]
        done = any(event.kind is EventKind.PREVENTED for event in since)
        if done or len(reminded) >= REMIND_AT_MOST:
            return None
        return reminded[-1].at + REMIND_EVERY if reminded else self.prevention_by

    @property
    def offer_in_force(self) -> Event | None:
        """The hand-off that somebody has yet to answer, if there is one."""
        if self.status not in (Status.CLAIMED, Status.WAITING):
            return None
        moves = (event for event in reversed(self.history) if event.kind in MOVES_OFFERS)
        latest = next(moves, None)
        return latest if latest and latest.kind is EventKind.HANDING_OFF else None

    def offer_ends(self, offer: Event) -> datetime:
        """Until when it may be accepted: some open time after it was made."""
        calendar = self.policy.calendar
        return calendar.after(offer.at, calendar.duration(self.team.document.team.accept_within))

    @property
    def stale(self) -> Stale | None:
        """What comes next if its owner goes on saying nothing."""
        return next_stale(self)

    def may(self, step: Step, person: Person) -> None:
        """Raises what a step on a running case would."""
        self._not_over()
        self._permit(step, person)

    def _permit(self, step: Step, person: Person) -> None:
        permit(step, person, self.team, self)

    def _not_over(self) -> None:
        if self.status is Status.RESOLVED:
            raise AlreadyResolved(self.id)
        if self.status is Status.DECLINED:
            raise AlreadyDeclined(self.id)
        self._not_merged()

    def _not_merged(self) -> None:
        if self.merged_into is not None:
            raise AlreadyMerged(self.id, self.merged_into)

    def _record(
        self, kind: EventKind, *, at: datetime, by: Person | None = None, **facts: Any
    ) -> None:
        """Write history, owe it to whoever must hear of it, and show it on the card."""
        event = self._write(kind, at=at, by=by, **facts)
        self._tell(event, read_clocks(self, at=at))

    def _write(
        self, kind: EventKind, *, at: datetime, by: Person | None = None, **facts: Any
    ) -> Event:
        user = by.user if by is not None else None
        event = Event(len(self.history) + 1, kind, at, user, **facts)
        self.history.append(event)
        return event

    def _tell(self, event: Event, readings: Sequence[Reading]) -> None:
        """Let the clocks stand as they are read after the event, and then tell of it."""
        follow_clocks(self, readings, at=event.at)
        event.tells = who_to_tell(self, event)
        if event.kind is not EventKind.OPENED:
            self.card.owe_again(at=event.at, aged=event.by is None)
        for task in self.tasks:
            if task.event == event.task or event.kind in ENDS | {EventKind.REOPENED}:
                task.card.owe_again(at=event.at, aged=event.by is None)
