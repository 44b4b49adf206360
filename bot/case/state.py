"""The state of a case, and what can be derived from its facts, clocks and history."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.case.clock_inputs import ClockInputs, PolicyFacts
from bot.case.due.wrong_clock import true_times
from bot.case.event import Event, EventKind
from bot.case.facts import (
    OVER,
    YES,
    Edit,
    Fact,
    FactChange,
    MissReason,
    Mood,
    Reason,
    Source,
    Stage,
    Status,
)
from bot.case.task import Task
from bot.delivery import Delivery
from bot.errors import NoSuchCase
from bot.people import CaseId, UserId, reference
from bot.priority import Priority
from bot.sla import Clock, Metric
from bot.team import Level, Policy
from bot.team.team import Team

REMIND_EVERY, REMIND_AT_MOST = timedelta(days=7), 5  # of a prevention
ENDS = frozenset({EventKind.RESOLVED, EventKind.DECLINED, EventKind.MERGED})
HANDOFF_EVENTS = frozenset(
    {
        EventKind.CLAIMED,
        EventKind.ASSIGNED,
        EventKind.HANDING_OFF,
        EventKind.HANDED_OFF,
        EventKind.HAND_OFF_DECLINED,
        EventKind.HAND_OFF_LAPSED,
        EventKind.RELEASED,
        EventKind.RESOLVED,
    }
)
"""A hand-off is pending while the last of these events is HANDING_OFF."""

DONE_BY = {
    EventKind.REVIEWED: Stage.HISTORY,
    EventKind.CONTACTED: Stage.CONTACT,
    EventKind.FACTS_FOUND: Stage.FACTS,
    EventKind.OFFERED: Stage.OFFER,
    EventKind.GOODWILL_APPROVED: Stage.OFFER,
}
GOODWILL_EVENTS = (
    EventKind.OFFERED,
    EventKind.GOODWILL_ASKED,
    EventKind.GOODWILL_APPROVED,
    EventKind.GOODWILL_DECLINED,
)
REQUIRED_TO_RESOLVE = (Stage.HISTORY, Stage.CONTACT, Stage.OFFER)
"""The other stages are covered by the resolution itself: it has the root cause and the outcome."""


@dataclass(eq=False, kw_only=True)
class CaseState(PolicyFacts):
    """The data of a case and what follows from it. The rules that change it are in ``Case``."""

    id: CaseId
    team: Team
    team_revision: int  # of the team file when the case was opened
    customer: str  # as typed
    customer_key: str
    opened_tier: str  # the customer's tier at that time: later imports do not change the policy
    summary: str
    reasons: tuple[Reason, ...]
    priority: Priority
    opened_priority: Priority  # selects the policy
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
    restricted: bool = False  # readable only by those who need it: see ``may_read``
    owner: UserId | None = None
    merged_into: CaseId | None = None  # the case that continues this one
    followers: tuple[UserId, ...] = ()  # people besides the reporter who wait for the outcome
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
    next_check_at: datetime | None = None  # when to call ``tick`` next
    clocks: list[Clock] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    history: list[Event] = field(default_factory=list)

    @property
    def reference(self) -> str:
        return reference(self.id)

    @property
    def policy(self) -> Policy:
        """The policy for this case in the document in force."""
        return self.policy_in(self.team.document)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The escalation levels for this case in the document in force."""
        return self.team.document.levels_for(self.policy)

    @property
    def clock_inputs(self) -> ClockInputs:
        """The inputs of the case's clocks."""
        times = true_times([event.at for event in self.history])
        clock_events = (it.clock_event(at=at) for it, at in zip(self.history, times, strict=True))
        return ClockInputs(
            id=self.id,
            customer=self.customer,
            opened_tier=self.opened_tier,
            category=self.category,
            source=self.source,
            priority=self.priority,
            opened_priority=self.opened_priority,
            opened_at=self.opened_at,
            over_at=self.over_at,
            clock_events=tuple(it for it in clock_events if it is not None),
        )

    def happened_at(self, event: Event) -> datetime:
        """Return when an event happened: its time, or that of a later event if that is earlier.

        They differ if the clock was ahead.
        """
        return min(it.at for it in self.history[event.number - 1 :])

    def clock(self, metric: Metric) -> Clock | None:
        """Return the newest clock for a metric, or None."""
        cycles = [clock for clock in self.clocks if clock.metric == metric]
        return max(cycles, key=lambda clock: clock.cycle, default=None)

    @property
    def next_due(self) -> Clock | None:
        """The running clock that is due first, or None."""
        running = [(clock.due_at, clock) for clock in self.clocks if clock.running]
        due = [(due_at, clock) for due_at, clock in running if due_at is not None]
        return min(due, key=lambda it: it[0])[1] if due else None

    @property
    def reopened(self) -> int:
        """How often the case was reopened."""
        return sum(event.kind is EventKind.REOPENED for event in self.history)

    @property
    def current_wait(self) -> Event | None:
        """The event that started the current wait, or None."""
        if self.status is not Status.WAITING:
            return None
        return next(it for it in reversed(self.history) if it.kind is EventKind.WAITING)

    @property
    def end(self) -> Event | None:
        """The event that ended the case, or None while it is open."""
        if self.status not in OVER:
            return None
        return next(it for it in reversed(self.history) if it.kind in ENDS)

    def task(self, number: int) -> Task:
        """Return the task that the event of that number created.

        Raises:
            NoSuchCase: that event created no task.
        """
        for task in self.tasks:
            if task.event == number:
                return task
        raise NoSuchCase(self.id)

    @property
    def next_answer_due(self) -> datetime | None:
        """When the next unanswered task without a reminder is due, or None."""
        due = [it.due_at for it in self.tasks if it.is_open and it.reminded_at is None]
        return min(due, default=None) if self.status not in OVER else None

    def unanswered(self, *, at: datetime) -> Task | None:
        """Return an overdue task without a reminder, or None."""
        if self.next_answer_due is None or at < self.next_answer_due:
            return None
        return next(it for it in self.tasks if it.is_open and it.due_at == self.next_answer_due)

    @property
    def prevention_due(self) -> datetime | None:
        """When to remind the owner of the prevention next, or None.

        Reminders repeat weekly, five times at most, until the prevention is confirmed.
        """
        if self.prevention_by is None or self.status is not Status.RESOLVED or self.end is None:
            return None
        since = self.history[self.end.number :]
        reminded = [event for event in since if event.kind is EventKind.PREVENTION_DUE]
        done = any(event.kind is EventKind.PREVENTED for event in since)
        if done or len(reminded) >= REMIND_AT_MOST:
            return None
        return reminded[-1].at + REMIND_EVERY if reminded else self.prevention_by

    @property
    def pending_handoff(self) -> Event | None:
        """The hand-off that waits for an answer, or None."""
        if self.status not in (Status.CLAIMED, Status.WAITING):
            return None
        moves = (event for event in reversed(self.history) if event.kind in HANDOFF_EVENTS)
        latest = next(moves, None)
        return latest if latest and latest.kind is EventKind.HANDING_OFF else None

    def handoff_ends(self, offer: Event) -> datetime:
        """Return until when a hand-off can be accepted: some open hours after it was offered."""
        calendar = self.policy.calendar
        return calendar.after(
            self.happened_at(offer), calendar.duration(self.team.document.team.accept_within)
        )

    @property
    def done(self) -> set[Stage]:
        """The steps that are done."""
        return {DONE_BY[event.kind] for event in self.history if event.kind in DONE_BY}

    @property
    def left_out(self) -> set[Stage]:
        """The steps that were left out with a reason, and not done since."""
        skipped = {stage for event in self.history for stage in event.stages}
        return skipped - self.done

    @property
    def next_stage(self) -> Stage:
        """The first step that is neither done nor left out."""
        settled = self.done | self.left_out
        return next((stage for stage in Stage if stage not in settled), Stage.END)

    @property
    def missing(self) -> list[Stage]:
        """The steps without which the case cannot be resolved: neither done nor left out."""
        settled = self.done | self.left_out
        return [stage for stage in REQUIRED_TO_RESOLVE if stage not in settled]

    @property
    def goodwill_asked(self) -> Event | None:
        """The goodwill request that waits for a lead's approval, or None."""
        moves = (event for event in reversed(self.history) if event.kind in GOODWILL_EVENTS)
        latest = next(moves, None)
        return latest if latest and latest.kind is EventKind.GOODWILL_ASKED else None

    def facts(self, *, after: int | None = None) -> dict[Fact, str]:
        """Return the facts as text: the current ones, or those after the event of that number."""
        facts = {fact: _text(getattr(self, fact)) for fact in Fact}
        later = self.history[after:] if after is not None else []
        for event in reversed(later):
            facts |= {change.fact: change.before for change in event.changes}
        return facts

    def changes_of(self, edit: Edit) -> list[FactChange]:
        """Return the changes that an edit makes.

        A fact that its author left as the form showed it is not changed, so that two people can
        edit different facts at the same time.
        """
        shown, now = self.facts(after=edit.base), self.facts()
        typed = {fact: text for fact, text in edit.facts.items() if text != shown[fact]}
        return [FactChange(it, now[it], text) for it, text in typed.items() if text != now[it]]

    def edited_since(self, number: int) -> list[Event]:
        """Return the edits after the event of that number."""
        return [event for event in self.history[number:] if event.kind is EventKind.EDITED]

    @property
    def absorbed(self) -> list[CaseId]:
        """The cases that were merged into this one."""
        return [it.other for it in self.history if it.kind is EventKind.ABSORBED and it.other]

    @property
    def earlier(self) -> list[CaseId]:
        """The cases that this one goes on with: merged into it, or closed too long ago."""
        return [*self.absorbed, *([self.follows] if self.follows is not None else [])]


def _text(value: str | bool | None) -> str:
    if isinstance(value, bool):
        return YES if value else ""
    return str(value or "")
