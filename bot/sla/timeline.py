"""The course of one clock: when it ran, when it was held, and what was promised meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

from bot.priority import Priority
from bot.sla.metric import Metric
from bot.team import OnPriorityChange, Policy, Waiting

Hold: TypeAlias = Waiting | Literal["over"]


class Turn(NamedTuple):
    """From here on the clock runs, or is held; until the next turn."""

    since: datetime
    held_by: Hold | None = None


class Span(NamedTuple):
    """A turn with its end; the last one has none yet."""

    start: datetime
    end: datetime | None
    held_by: Hold | None


@dataclass(frozen=True)
class Promise:
    """So much open time, counted from ``since``; or due at the end of a grace, if there is one."""

    target: timedelta
    since: datetime
    grace: timedelta | None = None
    grace_since: datetime | None = None


@dataclass(frozen=True)
class PriorityChange:
    """A change of priority while the clock was running, and what was promised after it."""

    at: datetime
    priority: Priority
    raised: bool
    promise: Promise | None
    came_too_late: bool  # the old target had been missed by then


@dataclass(eq=False)
class Timeline:
    """One cycle of one clock, turn by turn without a gap.

    It knows instants only. How long it ran, and when it is due, is counted from them each time
    it is asked.
    """

    metric: Metric
    policy: Policy
    priority: Priority  # the one that it was promised under
    started_at: datetime
    begun: str  # what started it, as people say it
    turns: list[Turn]
    first_target: timedelta | None = field(init=False)
    promise: Promise | None = field(init=False)  # without one it is not shown; it may get one
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
        """When it is or was due if nothing else happens; None while it is held before that."""
        return self.past_due(timedelta(0))

    def past_due(self, offset: timedelta) -> datetime | None:
        """When it has run so long past its due time; or so long before it, but not before it began.

        None while it is held before that.
        """
        if (promise := self.promise) is None:
            return None
        length, since = promise.target, promise.since
        if promise.grace is not None and promise.grace_since is not None:
            length, since = promise.grace, promise.grace_since
        return self.reaches(max(length + offset, timedelta(0)), since=since)

    @property
    def warns_at(self) -> list[datetime | None]:
        """When it warns if nothing else happens, the last at the end."""
        if (promise := self.promise) is None:
            return []
        lengths = sorted(it.reached_after(promise.target) for it in self.policy.warn_at)
        return [self.reaches(length, since=promise.since) for length in lengths]

    @cached_property
    def turns_late(self) -> tuple[datetime, ...]:
        """When it comes to be at risk, and late, if nothing else happens; none while it is held.

        Kept until it is held, goes on, or is promised otherwise: it is asked for at many instants.
        """
        if self.held_by is not None:
            return ()
        ahead = (*self.warns_at[-1:], self.due_at)
        return tuple(at for at in ahead if at is not None)

    def hold(self, by: Hold | None, *, at: datetime) -> None:
        """Pause for ``by``; for None, run."""
        if by != self.held_by:
            self.turns.append(Turn(at, by))
            self._forget()

    def end(self, *, at: datetime, cancelled: bool = False) -> None:
        """A pause ends with its clock, so that every clock that has ended was due some time."""
        self.hold(None, at=at)
        self.ended_at, self.cancelled = at, cancelled

    def run_on(self, *, at: datetime) -> None:
        """After its end, which was none: what lies between does not count."""
        if self.ended_at is not None:
            self.hold("over", at=self.ended_at)
            self.hold(None, at=at)
        self.ended_at, self.cancelled = None, False

    def retarget(self, priority: Priority, *, at: datetime) -> None:
        """Promise what the policy says of that priority, counted as the policy says.

        A target that has been missed is history, which no change of priority rewrites: neither
        to excuse it nor to give it another chance. Without a target under the new priority the
        clock has nothing to say, until a later change gives it one.
        """
        self._forget()
        raised = list(Priority).index(priority) < list(Priority).index(self.priority)
        if missed := self._missed(at):
            self.changes.append(PriorityChange(at, priority, raised, self.promise, missed))
            return
        self.priority = priority
        target = self.policy.target(priority, self.metric)
        self.promise = None if target is None else self._promised(target, at)
        self.changes.append(PriorityChange(at, priority, raised, self.promise, missed))

    def ran(self, until: datetime, *, since: datetime | None = None) -> timedelta:
        """Open time, less the time that it was held."""
        total = timedelta(0)
        for start, end, held_by in self.spans():
            if held_by is None:
                start = start if since is None else max(start, since)
                total += self.policy.calendar.between(start, end or until)
        return total

    def lasted(self, until: datetime) -> timedelta:
        """Wall time, less the time that it was held."""
        running = (span for span in self.spans() if span.held_by is None)
        return sum(((end or until) - start for start, end, _ in running), timedelta(0))

    def reaches(self, length: timedelta, *, since: datetime) -> datetime | None:
        """The first instant, not before ``since``, at which it has run so long from there on.

        The last turn is taken to go on for ever. None: it is held, or the desk is not open for
        so long in the years that a calendar looks ahead.
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

    def _promised(self, target: timedelta, at: datetime) -> Promise:
        """Recomputed into the past, it is due a grace after the change, and never before it."""
        match self.policy.on_priority_change:
            case OnPriorityChange.RESTART:
                self.started_at, self.begun = at, "started anew"
                self.turns = [Turn(at, self.held_by)]
                return Promise(target, at)
            case OnPriorityChange.FORWARD:
                return Promise(target, at)
            case OnPriorityChange.RECOMPUTE:
                due_at = self.reaches(target, since=self.started_at)
                if due_at is not None and due_at < at:
                    return Promise(target, self.started_at, self.policy.grace, at)
                return Promise(target, self.started_at)

    def _forget(self) -> None:
        vars(self).pop("turns_late", None)

    def _missed(self, at: datetime) -> bool:
        return (due_at := self.due_at) is not None and due_at < at


def _after(policy: Policy, start: datetime, worked: timedelta) -> datetime | None:
    try:
        return policy.calendar.after(start, worked)
    except ValueError:
        return None
