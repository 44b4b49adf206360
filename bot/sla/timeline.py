"""The timeline of one clock: when it ran, when it was on hold, and its changing targets."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal, NamedTuple, TypeAlias

from bot.priority import Priority
from bot.sla.metric import Metric
from bot.team import OnPriorityChange, Policy, Waiting

CLOSED: Final = "closed"
Hold: TypeAlias = Waiting | Literal["closed"]


class Begun(Enum):
    """What started a cycle of a clock."""

    OPENED = auto()
    CLAIMED = auto()
    HANDED_OFF = auto()
    RELEASED = auto()
    CUSTOMER_REPLIED = auto()
    UPDATED = auto()
    REOPENED = auto()
    RESTARTED = auto()  # by a change of priority


class Turn(NamedTuple):
    """A point at which the clock starts to run or goes on hold, until the next turn."""

    since: datetime
    held_by: Hold | None = None


class Span(NamedTuple):
    """The time from one turn to the next; the last span has no end yet."""

    start: datetime
    end: datetime | None
    held_by: Hold | None


@dataclass(frozen=True)
class Promise:
    """A target in open time, counted from ``since``.

    With a grace, it is due when that ends instead.
    """

    target: timedelta
    since: datetime
    grace: timedelta | None = None
    grace_since: datetime | None = None


@dataclass(frozen=True)
class PriorityChange:
    """A change of priority while the clock was running, and the promise after it."""

    at: datetime
    priority: Priority
    raised: bool
    promise: Promise | None
    already_missed: bool  # the old target was already missed


@dataclass(eq=False)
class Timeline:
    """One cycle of one clock, as turns without a gap.

    It stores instants only; running times and due times are computed from them on each call.
    """

    metric: Metric
    policy: Policy
    priority: Priority  # of the current promise
    started_at: datetime
    begun: Begun
    turns: list[Turn]
    first_target: timedelta | None = field(init=False)
    promise: Promise | None = field(init=False)  # None: not shown, unless a later change sets one
    changes: list[PriorityChange] = field(default_factory=list)
    ended_at: datetime | None = None
    cancelled: bool = False

    def __post_init__(self) -> None:
        target = self.first_target = self.policy.target(self.priority, self.metric)
        self.promise = None if target is None else Promise(target, self.started_at)

    @property
    def held_by(self) -> Hold | None:
        return self.turns[-1].held_by

    @property
    def due_at(self) -> datetime | None:
        """When it is or was due if nothing else happens; None while on hold before that."""
        return self.past_due(timedelta(0))

    def past_due(self, offset: timedelta) -> datetime | None:
        """Return when it has run ``offset`` past its due time; None while on hold before that.

        A negative offset is before the due time, but never before the start of the clock.
        """
        if (promise := self.promise) is None:
            return None
        length, since = promise.target, promise.since
        if promise.grace is not None and promise.grace_since is not None:
            length, since = promise.grace, promise.grace_since
        return self.reaches(max(length + offset, timedelta(0)), since=since)

    @property
    def warns_at(self) -> list[datetime | None]:
        """When it warns if nothing else happens, in order."""
        if (promise := self.promise) is None:
            return []
        lengths = sorted(it.reached_after(promise.target) for it in self.policy.warn_at)
        return [self.reaches(length, since=promise.since) for length in lengths]

    @cached_property
    def turns_late(self) -> tuple[datetime, ...]:
        """When it turns at risk and overdue if nothing else happens; empty while on hold.

        Cached until the next hold, resumption or new promise, because a replay asks often.
        """
        if self.held_by is not None:
            return ()
        ahead = (*self.warns_at[-1:], self.due_at)
        return tuple(at for at in ahead if at is not None)

    def hold(self, by: Hold | None, *, at: datetime) -> None:
        """Put the clock on hold for ``by``, or let it run for None."""
        if by != self.held_by:
            self.turns.append(Turn(at, by))
            self._invalidate()

    def end(self, *, at: datetime, cancelled: bool = False) -> None:
        """End the clock and its hold, so that every ended clock has a due time."""
        self.hold(None, at=at)
        self.ended_at, self.cancelled = at, cancelled

    def reopen(self, *, at: datetime) -> None:
        """Continue an ended clock; the time since its end does not count."""
        if self.ended_at is not None:
            self.hold(CLOSED, at=self.ended_at)
            self.hold(None, at=at)
        self.ended_at, self.cancelled = None, False

    def retarget(self, priority: Priority, *, at: datetime) -> None:
        """Set the target of another priority, counted as the policy says.

        A target that was already missed stays missed. If the new priority has no target, the
        clock is not shown until a later change sets one.
        """
        self._invalidate()
        raised = list(Priority).index(priority) < list(Priority).index(self.priority)
        if missed := self._is_missed(at):
            self.changes.append(PriorityChange(at, priority, raised, self.promise, missed))
            return
        self.priority = priority
        target = self.policy.target(priority, self.metric)
        self.promise = None if target is None else self._new_promise(target, at)
        self.changes.append(PriorityChange(at, priority, raised, self.promise, missed))

    def ran(self, until: datetime, *, since: datetime | None = None) -> timedelta:
        """Return the open time it ran until an instant, without holds."""
        total = timedelta(0)
        for start, end, held_by in self.spans():
            if held_by is None:
                start = start if since is None else max(start, since)
                total += self.policy.calendar.between(start, end or until)
        return total

    def lasted(self, until: datetime) -> timedelta:
        """Return the wall time it ran until an instant, without holds."""
        running = (span for span in self.spans() if span.held_by is None)
        return sum(((end or until) - start for start, end, _ in running), timedelta(0))

    def reaches(self, length: timedelta, *, since: datetime) -> datetime | None:
        """Return when it has run ``length`` of open time since ``since``.

        Assumes that the last turn continues. None if it is on hold, or if the calendar is not open
        that long in the next ten years.
        """
        left = length
        for start, end, held_by in self.spans():
            start = max(start, since)
            if held_by is not None or (end is not None and end <= start):
                continue
            found = _after(self.policy, start, left)
            if end is None or (found is not None and found <= end and (left or found < end)):
                return found
            left -= self.policy.calendar.between(start, end)
        return None

    def spans(self) -> Iterator[Span]:
        for turn, following in pairwise(self.turns):
            yield Span(turn.since, following.since, turn.held_by)
        yield Span(self.turns[-1].since, None, self.turns[-1].held_by)

    def _new_promise(self, target: timedelta, at: datetime) -> Promise:
        match self.policy.on_priority_change:
            case OnPriorityChange.RESTART:
                self.started_at, self.begun = at, Begun.RESTARTED
                self.turns = [Turn(at, self.held_by)]
                return Promise(target, at)
            case OnPriorityChange.FORWARD:
                return Promise(target, at)
            case OnPriorityChange.RECOMPUTE:
                due_at = self.reaches(target, since=self.started_at)
                if due_at is not None and due_at < at:
                    # Already past: due a grace after the change, and never before it.
                    return Promise(target, self.started_at, self.policy.grace, at)
                return Promise(target, self.started_at)

    def _invalidate(self) -> None:
        vars(self).pop("turns_late", None)

    def _is_missed(self, at: datetime) -> bool:
        return (due_at := self.due_at) is not None and due_at < at


def _after(policy: Policy, start: datetime, worked: timedelta) -> datetime | None:
    try:
        return policy.calendar.after(start, worked)
    except ValueError:
        return None
