"""Find what the clocks of a case have crossed since the last notification."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.case.event import EventKind
from bot.sla import MINIMUM_GAP, Clock, ClockState, LevelStep, Metric, Moment

WORST_FIRST = (ClockState.BREACHING, ClockState.AT_RISK)


@dataclass(frozen=True)
class Watched:
    """A clock, and when each escalation level notifies about it."""

    clock: Clock
    ahead: tuple[Moment, ...]

    @property
    def unnotified(self) -> list[Moment]:
        return self.clock.unnotified_steps(self.ahead)

    def next_step(self, *, at: datetime) -> datetime | None:
        """Return when a level step is next reached or sent; ``at`` if one is due."""
        instants = {instant for it in self.unnotified for instant in (it.reached_at, it.at)}
        if any(it.at <= at for it in self.unnotified):
            return at
        return min((it for it in instants if it > at), default=None)


@dataclass(frozen=True)
class Crossed:
    """One notification's worth of crossings: its kind, the clocks and the level steps."""

    kind: EventKind
    clocks: tuple[Metric, ...]
    steps: tuple[LevelStep, ...] = ()


def crossed(watched: Sequence[Watched], *, at: datetime) -> Crossed | None:
    """Return what needs a notification now, and mark it as notified; None if nothing does.

    All that is due goes into one notification of the most severe kind, along with every level step
    due within ``MINIMUM_GAP``. So an outage ends with one message, to everyone concerned.
    """
    states = {it.clock: it.clock.unnotified_state(at=at) for it in watched}
    kind = _kind(watched, set(states.values()), at)
    if kind is None:
        return None
    steps = [step for it in watched for step in _take_due_steps(it, at)]
    for clock, state in states.items():
        if state is not None:
            clock.notified_state = state
    worst = next((state for state in WORST_FIRST if state in states.values()), None)
    clocks = tuple(clock.metric for clock, state in states.items() if state and state is worst)
    return Crossed(kind, clocks, tuple(steps))


def _take_due_steps(watched: Watched, at: datetime) -> list[LevelStep]:
    """Return the steps that are due or almost due, and mark them as notified."""
    soon = at + MINIMUM_GAP
    due = [
        it.step
        for it in watched.unnotified
        if it.at <= at or (it.at < soon and it.at == it.reached_at)
    ]
    if due:
        watched.clock.mark_notified(due)
    return due


def _kind(
    watched: Sequence[Watched], states: set[ClockState | None], at: datetime
) -> EventKind | None:
    """Return the kind of the event. A level before the due time ranks below a warning."""
    stepping = [it.clock for it in watched if any(step.at <= at for step in it.unnotified)]
    if ClockState.BREACHING in states:
        return EventKind.BREACHED
    if any(clock.state is ClockState.BREACHING for clock in stepping):
        return EventKind.LEVEL_REACHED
    if ClockState.AT_RISK in states:
        return EventKind.AT_RISK
    return EventKind.LEVEL_REACHED if stepping else None
