"""What the clocks of a case have crossed and people have not been told: the most severe of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.case.event import EventKind
from bot.sla import MINIMUM_GAP, Clock, ClockState, LevelStep, Metric, Moment

WORST_FIRST = (ClockState.BREACHING, ClockState.AT_RISK)


@dataclass(frozen=True)
class Watched:
    """A clock, and when which level speaks up about it."""

    clock: Clock
    ahead: tuple[Moment, ...]

    @property
    def unnotified(self) -> list[Moment]:
        return self.clock.unnotified_steps(self.ahead)

    def next_step(self, *, at: datetime) -> datetime | None:
        """When a step is taken, or comes to be held; now if it is due."""
        instants = {instant for it in self.unnotified for instant in (it.reached_at, it.at)}
        if any(it.at <= at for it in self.unnotified):
            return at
        return min((it for it in instants if it > at), default=None)


@dataclass(frozen=True)
class Crossed:
    kind: EventKind
    clocks: tuple[Metric, ...]
    steps: tuple[LevelStep, ...] = ()


def crossed(watched: Sequence[Watched], *, at: datetime) -> Crossed | None:
    """The most severe of what people have not been told yet; from now on they have been.

    All that is due goes with it, and every step that would follow so soon: after an outage there
    is one message, for all who should have heard any of it.
    """
    states = {it.clock: it.clock.unnotified_state(at=at) for it in watched}
    kind = _kind(watched, set(states.values()), at)
    if kind is None:
        return None
    steps = [step for it in watched for step in _report_due_steps(it, at)]
    for clock, state in states.items():
        if state is not None:
            clock.notified_state = state
    worst = next((state for state in WORST_FIRST if state in states.values()), None)
    clocks = tuple(clock.metric for clock, state in states.items() if state and state is worst)
    return Crossed(kind, clocks, tuple(steps))


def _report_due_steps(watched: Watched, at: datetime) -> list[LevelStep]:
    """The steps that are due, or so soon that they go with it; from now on they are told."""
    soon = at + MINIMUM_GAP
    told = [
        it.step
        for it in watched.unnotified
        if it.at <= at or (it.at < soon and it.at == it.reached_at)
    ]
    if told:
        watched.clock.mark_notified(told)
    return told


def _kind(
    watched: Sequence[Watched], states: set[ClockState | None], at: datetime
) -> EventKind | None:
    """What the message is, and so its words. A level before due says less than a warning."""
    stepping = [it.clock for it in watched if any(step.at <= at for step in it.unnotified)]
    if ClockState.BREACHING in states:
        return EventKind.BREACHED
    if any(clock.state is ClockState.BREACHING for clock in stepping):
        return EventKind.LEVEL_REACHED
    if ClockState.AT_RISK in states:
        return EventKind.AT_RISK
    return EventKind.LEVEL_REACHED if stepping else None
