"""A clock that is kept with its case: how one cycle of it stood when it was last looked at."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.sla.clock_state import ClockState
from bot.sla.engine import Reading
from bot.sla.level_steps import MINIMUM_GAP, LevelStep, Moment
from bot.sla.metric import Metric

Shown: TypeAlias = tuple[
    ClockState, timedelta, datetime, datetime | None, datetime | None, str | None
]

SEVERITY = {ClockState.AT_RISK: 1, ClockState.BREACHING: 2}


@dataclass(eq=False)
class Clock:
    """A projection of the case's history, made anew with each event and each edit of a policy.

    What has ended stays as it ended: no later edit excuses a miss, or turns a promise that was
    kept into one that was not.
    """

    metric: Metric
    cycle: int  # counted from 1
    state: ClockState
    target: timedelta  # open time
    started_at: datetime
    due_at: datetime | None  # None while it is held
    ended_at: datetime | None
    paused_by: str | None  # on whom the case waits, or "calendar"
    open_time: timedelta | None = None  # how long it ran, once it has ended; both of them
    wall_time: timedelta | None = None  # without its pauses
    notified_state: ClockState | None = None  # the worst of it that people have been told
    notified_levels: tuple[int, ...] = ()  # of each level, how many of its steps
    held_until: datetime | None = None  # a step waits for the hours of its level

    @classmethod
    def of(cls, reading: Reading) -> "Clock":
        clock = cls(reading.clock, reading.cycle, *_shown(reading))
        clock._keep_times(reading)
        return clock

    @property
    def running(self) -> bool:
        return self.ended_at is None

    @property
    def is_late(self) -> bool:
        """Whether its promise is about to break, or broken, and somebody can still act."""
        return self.state in SEVERITY

    def follow(self, reading: Reading) -> bool:
        """Stand as the reading says. True if that is different from before."""
        if self.ended_at is not None and self.ended_at == reading.ended_at:
            return False
        before = (self.state, self.target, self.due_at, self.ended_at)
        shown = _shown(reading)
        if shown == self._shows:
            return False
        self.state, self.target, self.started_at, self.due_at, self.ended_at, self.paused_by = shown
        self._keep_times(reading)
        if self.state is ClockState.PENDING:
            self.notified_state = None  # due later than it was: there is a new warning to give
        elif self.state is ClockState.AT_RISK and self.notified_state is ClockState.BREACHING:
            self.notified_state = ClockState.AT_RISK  # and a new breach
        return before != (self.state, self.target, self.due_at, self.ended_at)

    @property
    def _shows(self) -> Shown:
        return (
            self.state,
            self.target,
            self.started_at,
            self.due_at,
            self.ended_at,
            self.paused_by,
        )

    def _keep_times(self, reading: Reading) -> None:
        """Only once it has ended: times that grow would be written anew at every look."""
        if reading.ended_at is None:
            self.open_time = self.wall_time = None
        else:
            self.open_time = timedelta(seconds=reading.elapsed_seconds)
            self.wall_time = reading.wall_time

    def cancel(self, *, at: datetime) -> bool:
        """Stop, for nobody promises this any more. True if it was running."""
        if not self.running:
            return False
        self.state, self.ended_at, self.due_at = ClockState.CANCELLED, at, None
        self.held_until = None
        return True

    def unnotified_state(self, *, at: datetime) -> ClockState | None:
        """What people have to be told of this clock now, if anything."""
        notified_state = SEVERITY[self.notified_state] if self.notified_state is not None else 0
        if not self.running or SEVERITY.get(self.state, 0) <= notified_state:
            return None
        soon = self.due_at is not None and self.due_at - at < MINIMUM_GAP
        return None if self.state is ClockState.AT_RISK and soon else self.state

    def follow_levels(self, ahead: Sequence[Moment], *, at: datetime) -> bool:
        """Forget what was told and lies ahead again. True if a step is held, or held no more."""
        if not (ahead or self.notified_levels or self.held_until):
            return False
        reached = Counter(it.step.level for it in ahead if it.at < at + MINIMUM_GAP)
        notified_state = enumerate(self.notified_levels, start=1)
        self.notified_levels = tuple(min(steps, reached[level]) for level, steps in notified_state)
        held = [it.at for it in self.unnotified_steps(ahead) if it.reached_at <= at < it.at]
        before, self.held_until = self.held_until, min(held, default=None)
        return before != self.held_until

    def unnotified_steps(self, ahead: Iterable[Moment]) -> list[Moment]:
        """Nothing is said of a clock while it is held."""
        if not self.running or self.state is ClockState.PAUSED:
            return []
        return [it for it in ahead if it.step.repeat >= self._notified_of(it.step.level)]

    def mark_notified(self, steps: Iterable[LevelStep]) -> None:
        notified_state = Counter(dict(enumerate(self.notified_levels, start=1)))
        for step in steps:
            notified_state[step.level] = max(notified_state[step.level], step.repeat + 1)
        self.notified_levels = tuple(
            notified_state[level] for level in range(1, max(notified_state, default=0) + 1)
        )

    def _notified_of(self, level: int) -> int:
        return self.notified_levels[level - 1] if level <= len(self.notified_levels) else 0


def _shown(reading: Reading) -> Shown:
    return (
        reading.state,
        timedelta(seconds=reading.target_seconds),
        reading.started_at,
        reading.due_at,
        reading.ended_at,
        reading.paused_by,
    )
