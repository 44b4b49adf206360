"""The events in the history of a case."""

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
    """What happened. The values are stored, and name the message templates."""

    OPENED = "opened"
    CLAIMED = "claimed"
    UPDATED = "updated"
    CONTACTED = "contacted"  # the team spoke with the customer
    REPLIED = "replied"  # the customer answered
    HANDING_OFF = "handing_off"  # a colleague is asked to take over
    HANDED_OFF = "handed_off"  # they accepted
    HAND_OFF_DECLINED = "hand_off_declined"
    HAND_OFF_LAPSED = "hand_off_lapsed"  # they did not answer in time
    ASSIGNED = "assigned"  # an escalation level or an offboarding gave it an owner
    RELEASED = "released"  # back in the queue
    OWNER_LEFT = "owner_left"  # the owner left the workspace or stopped working on cases
    OWNER_REMINDED = "stale"  # the owner is asked for an update
    WAITING = "waiting"
    RESUMED = "resumed"
    PRIORITY_CHANGED = "priority_changed"
    REVIEWED = "reviewed"  # the owner has read the history
    FACTS_FOUND = "facts_found"
    OFFERED = "offered"  # a resolution was offered to the customer
    GOODWILL_ASKED = "goodwill_asked"  # the goodwill needs a lead's approval
    GOODWILL_APPROVED = "goodwill_approved"
    GOODWILL_DECLINED = "goodwill_declined"
    SKIPPED = "skipped"  # some of the five steps were left out
    ASKED = "asked"  # another department was asked
    ANSWERED = "answered"
    UNANSWERED = "unanswered"  # the department's answer is overdue
    EDITED = "edited"  # facts were corrected or added
    FOLLOWED = "followed"  # a colleague reported the same problem
    RESOLVED = "resolved"
    PREVENTION_DUE = "prevention_due"
    PREVENTED = "prevented"  # the prevention is done
    HELPED = "helped"  # the reporter or a follower says so
    NOT_HELPED = "not_helped"
    DECLINED = "declined"
    MERGED = "merged"  # into another case
    ABSORBED = "absorbed"  # another case was merged into this one
    CONTINUED = "continued"  # ended too long ago to reopen: a new case follows it
    APPEALED = "appealed"  # the reporter appealed, which opens it again
    REOPENED = "reopened"
    AT_RISK = "at_risk"
    BREACHED = "breached"
    LEVEL_REACHED = "escalated"  # an escalation level notifies
    OVERDUE = "overdue"  # a wait passed its resume-by time
    CLOCK_CORRECTED = "clock_corrected"  # the clock was ahead when earlier events were recorded


# Events that start, stop or move a clock, and what they mean to it.
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
    EventKind.MERGED: ClockEventKind.DECLINED,  # the clocks stop in the same way
    EventKind.APPEALED: ClockEventKind.REOPENED,
    EventKind.REOPENED: ClockEventKind.REOPENED,
}


@dataclass(eq=False)
class Event:
    """One entry in the history of a case. Entries are never changed or deleted."""

    number: int  # counted from 1 in its case
    kind: EventKind
    at: datetime
    by: UserId | None = None  # None: time passed
    note: str = ""  # written by the person
    clocks: tuple[Metric, ...] = ()  # the clocks that crossed a line
    steps: tuple[LevelStep, ...] = ()  # the level steps that it notifies about
    on: Waiting | None = None  # what a waiting case waits for
    resume_by: datetime | None = None
    to: Priority | None = None  # the new priority
    over: Source | None = None  # how the customer was reached
    answer: Answer | None = None  # what the customer was offered
    goodwill: int = 0  # whole units of the team's currency
    stages: tuple[Stage, ...] = ()  # the steps that were left out
    task: int | None = None  # the number of the event that asked the department
    next_step: str = ""  # for the reporter of a declined case
    other: CaseId | None = None  # the other case of a merge or a follow-up
    other_person: UserId | None = None  # the other person involved, e.g. the former owner
    changes: tuple[FactChange, ...] = ()  # of facts
    notifications: list[Delivery] = field(default_factory=list, repr=False)  # queued with it

    @property
    def about(self) -> tuple[Metric, ...]:
        """The clocks that the event is about, without duplicates."""
        return tuple(dict.fromkeys([*self.clocks, *(step.metric for step in self.steps)]))

    def clock_event(self, *, at: datetime) -> ClockEvent | None:
        """Return what the event, which happened ``at``, means to the clocks, or None."""
        kind = MOVES_CLOCKS.get(self.kind)
        if kind is None:
            return None
        return ClockEvent(kind, at, on=self.on, resume_by=self.resume_by, to=self.to)
