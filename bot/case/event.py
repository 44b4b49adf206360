"""What happened to a case."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.case.facts import Answer, FactChange, Source, Stage
from bot.delivery import Delivery
from bot.people import CaseId, UserId
from bot.priority import Priority
from bot.sla import ClockEvent, ClockEventKind, LevelStep, Metric
from bot.team import Waiting


class EventKind(StrEnum):
    OPENED = "opened"
    CLAIMED = "claimed"
    UPDATED = "updated"
    CONTACTED = "contacted"  # somebody of ours spoke with the customer
    REPLIED = "replied"  # the customer answered
    HANDING_OFF = "handing_off"  # somebody is asked to take it over
    HANDED_OFF = "handed_off"  # they have it now
    HAND_OFF_DECLINED = "hand_off_declined"
    HAND_OFF_LAPSED = "hand_off_lapsed"  # they did not answer in time
    ASSIGNED = "assigned"  # a level has handed it over
    RELEASED = "released"  # back in the queue
    OWNER_LEFT = "owner_left"  # the workspace, or their work on cases
    OWNER_REMINDED = "stale"  # its owner is asked whether they are still on it
    WAITING = "waiting"
    RESUMED = "resumed"
    PRIORITY_CHANGED = "priority_changed"
    REVIEWED = "reviewed"  # its history is known to its owner
    FACTS_FOUND = "facts_found"
    OFFERED = "offered"  # a resolution, to the customer
    GOODWILL_ASKED = "goodwill_asked"  # it needs a lead
    GOODWILL_APPROVED = "goodwill_approved"
    GOODWILL_DECLINED = "goodwill_declined"
    SKIPPED = "skipped"  # steps of a good escalation were left out
    ASKED = "asked"  # another department
    ANSWERED = "answered"
    UNANSWERED = "unanswered"  # when it was due
    EDITED = "edited"  # what the case says was corrected, or added to
    FOLLOWED = "followed"  # somebody met the same, and adds what they know
    RESOLVED = "resolved"
    PREVENTION_DUE = "prevention_due"
    PREVENTED = "prevented"  # what was to be done about the cause is done
    HELPED = "helped"  # its reporter says so
    NOT_HELPED = "not_helped"
    DECLINED = "declined"
    MERGED = "merged"  # it goes on in another
    ABSORBED = "absorbed"  # another was merged into it
    CONTINUED = "continued"  # over for too long to be reopened, it goes on in a new one
    APPEALED = "appealed"  # its reporter asks for another look, and it is open again
    REOPENED = "reopened"
    AT_RISK = "at_risk"
    BREACHED = "breached"
    LEVEL_REACHED = "escalated"  # a level has spoken up
    OVERDUE = "overdue"  # a wait has lasted longer than it was to


MOVES_CLOCKS = {
    EventKind.CLAIMED: ClockEventKind.CLAIMED,
    EventKind.UPDATED: ClockEventKind.UPDATED,
    EventKind.CONTACTED: ClockEventKind.CUSTOMER_CONTACTED,
    EventKind.FACTS_FOUND: ClockEventKind.UPDATED,
    EventKind.OFFERED: ClockEventKind.UPDATED,
    EventKind.REPLIED: ClockEventKind.CUSTOMER_REPLIED,
    EventKind.HANDED_OFF: ClockEventKind.HANDED_OFF,
    EventKind.ASSIGNED: ClockEventKind.HANDED_OFF,
    EventKind.RELEASED: ClockEventKind.RELEASED,
    EventKind.WAITING: ClockEventKind.WAITING,
    EventKind.RESUMED: ClockEventKind.RESUMED,
    EventKind.PRIORITY_CHANGED: ClockEventKind.PRIORITY_CHANGED,
    EventKind.RESOLVED: ClockEventKind.RESOLVED,
    EventKind.DECLINED: ClockEventKind.DECLINED,
    EventKind.MERGED: ClockEventKind.DECLINED,  # to its clocks it is the same
    EventKind.APPEALED: ClockEventKind.REOPENED,
    EventKind.REOPENED: ClockEventKind.REOPENED,
}


@dataclass(eq=False)
class Event:
    """One line of a case's history: never changed, never deleted."""

    number: int  # counted from 1 in its case
    kind: EventKind
    at: datetime
    by: UserId | None = None  # nobody: time passed
    note: str = ""  # what the person said with it
    clocks: tuple[Metric, ...] = ()  # those that have crossed a line
    steps: tuple[LevelStep, ...] = ()  # what the levels have said with it
    on: Waiting | None = None  # whom a waiting case waits for
    resume_by: datetime | None = None
    to: Priority | None = None  # what a changed priority became
    over: Source | None = None  # how the customer was reached
    answer: Answer | None = None  # what they were offered
    goodwill: int = 0  # whole units of the team's currency
    stages: tuple[Stage, ...] = ()  # those that were left out
    task: int | None = None  # the number of the event that asked a department
    next_step: str = ""  # for the reporter of a case that is declined
    other: CaseId | None = None  # another case that it is about
    other_person: UserId | None = None  # somebody else whom it is about
    changes: tuple[FactChange, ...] = ()  # of what the case says
    notifications: list[Delivery] = field(default_factory=list, repr=False)  # who hears of it

    @property
    def about(self) -> tuple[Metric, ...]:
        """Every clock that it tells of."""
        return tuple(dict.fromkeys([*self.clocks, *(step.metric for step in self.steps)]))

    def clock_event(self) -> ClockEvent | None:
        """What it is to the clocks; None if they do not care."""
        kind = MOVES_CLOCKS.get(self.kind)
        if kind is None:
            return None
        return ClockEvent(kind, self.at, on=self.on, resume_by=self.resume_by, to=self.to)
