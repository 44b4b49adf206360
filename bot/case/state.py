"""What a case knows, and the questions that its facts, clocks and history answer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.case.clock_inputs import ClockInputs, PolicyFacts
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

REMIND_EVERY, REMIND_AT_MOST = timedelta(days=7), 5
ENDS = frozenset({EventKind.RESOLVED, EventKind.DECLINED, EventKind.MERGED})
MOVES_HANDOFFS = frozenset(
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


DONE_BY = {
    EventKind.REVIEWED: Stage.HISTORY,
    EventKind.CONTACTED: Stage.CONTACT,
    EventKind.FACTS_FOUND: Stage.FACTS,
    EventKind.OFFERED: Stage.OFFER,
    EventKind.GOODWILL_APPROVED: Stage.OFFER,
}
MOVES_GOODWILL = (
    EventKind.OFFERED,
    EventKind.GOODWILL_ASKED,
    EventKind.GOODWILL_APPROVED,
    EventKind.GOODWILL_DECLINED,
)
ASKED_AT_THE_END = (Stage.HISTORY, Stage.CONTACT, Stage.OFFER)
"""The root cause and the outcome are written in any case."""


@dataclass(eq=False, kw_only=True)
class CaseState(PolicyFacts):
    """The data of a case. Nothing here changes it: see ``case.py`` for what does."""

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
    def story(self) -> ClockInputs:
        """What its clocks are made from."""
        clock_events = (event.clock_event() for event in self.history)
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
    def current_wait(self) -> Event | None:
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
    def pending_handoff(self) -> Event | None:
        """The hand-off that somebody has yet to answer, if there is one."""
        if self.status not in (Status.CLAIMED, Status.WAITING):
            return None
        moves = (event for event in reversed(self.history) if event.kind in MOVES_HANDOFFS)
        latest = next(moves, None)
        return latest if latest and latest.kind is EventKind.HANDING_OFF else None

    def handoff_ends(self, offer: Event) -> datetime:
        """Until when it may be accepted: some open time after it was made."""
        calendar = self.policy.calendar
        return calendar.after(offer.at, calendar.duration(self.team.document.team.accept_within))

    @property
    def done(self) -> set[Stage]:
        return {DONE_BY[event.kind] for event in self.history if event.kind in DONE_BY}

    @property
    def left_out(self) -> set[Stage]:
        skipped = {stage for event in self.history for stage in event.stages}
        return skipped - self.done

    @property
    def next_stage(self) -> Stage:
        settled = self.done | self.left_out
        return next((stage for stage in Stage if stage not in settled), Stage.END)

    @property
    def missing(self) -> list[Stage]:
        """What nobody has done, or left out for a reason, and a resolution does not tell."""
        settled = self.done | self.left_out
        return [stage for stage in ASKED_AT_THE_END if stage not in settled]

    @property
    def goodwill_asked(self) -> Event | None:
        """The offer that a lead has yet to approve, if there is one."""
        moves = (event for event in reversed(self.history) if event.kind in MOVES_GOODWILL)
        latest = next(moves, None)
        return latest if latest and latest.kind is EventKind.GOODWILL_ASKED else None

    def facts(self, *, after: int | None = None) -> dict[Fact, str]:
        """What the case says; or what it said after the event of that number."""
        facts = {fact: _text(getattr(self, fact)) for fact in Fact}
        later = self.history[after:] if after is not None else []
        for event in reversed(later):
            facts |= {change.fact: change.before for change in event.changes}
        return facts

    def wanted_by(self, edit: Edit) -> list[FactChange]:
        """What an edit would change: what its author left as it was shown is not theirs."""
        shown, now = self.facts(after=edit.base), self.facts()
        mine = {fact: text for fact, text in edit.facts.items() if text != shown[fact]}
        return [FactChange(it, now[it], text) for it, text in mine.items() if text != now[it]]

    def edited_since(self, number: int) -> list[Event]:
        return [event for event in self.history[number:] if event.kind is EventKind.EDITED]

    @property
    def absorbed(self) -> list[CaseId]:
        """The cases that were merged into this one."""
        return [it.other for it in self.history if it.kind is EventKind.ABSORBED and it.other]


def _text(value: str | bool | None) -> str:
    if isinstance(value, bool):
        return YES if value else ""
    return str(value or "")
