"""A stored clock: the state of one cycle when its case was last updated."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.sla.clock_state import ClockState
from bot.sla.engine import Reading
from bot.sla.level_steps import MINIMUM_GAP, LevelStep, Moment
from bot.sla.metric import Metric

Fields: TypeAlias = tuple[
    ClockState, timedelta, datetime, datetime | None, datetime | None, str | None
]

SEVERITY = {ClockState.AT_RISK: 1, ClockState.BREACHING: 2}


@dataclass(eq=False)
class Clock:
    """One cycle of a clock, stored with its case.

    A projection of the case's history, updated with each event and each change of the policy.
    A clock that has ended keeps its result: no later edit turns a breach into a met target, or
    the reverse.
    """

    metric: Metric
    cycle: int  # counted from 1
    state: ClockState
    target: timedelta  # open time
    started_at: datetime
    due_at: datetime | None  # None while it is on hold
    ended_at: datetime | None
    paused_by: str | None  # the party that the case waits on, or "calendar"
    open_time: timedelta | None = None  # open time it ran, set once it has ended
    wall_time: timedelta | None = None  # wall time it ran, without pauses, set once it has ended
    notified_state: ClockState | None = None  # the most severe state that was notified
    notified_levels: tuple[int, ...] = ()  # for each level, the number of steps notified
    held_until: datetime | None = None  # when a postponed step is due: its level's hours open

    @classmethod
    def of(cls, reading: Reading) -> "Clock":
        clock = cls(reading.clock, reading.cycle, *_fields_of(reading))
        clock._set_times(reading)
        return clock

    @property
    def running(self) -> bool:
        return self.ended_at is None

    @property
    def is_late(self) -> bool:
        """Whether the running clock is at risk or breaching."""
        return self.state in SEVERITY

    def follow(self, reading: Reading) -> bool:
        """Take the state of a reading, and say whether the clock changed."""
        if self.ended_at is not None and self.ended_at == reading.ended_at:
            return False
        before = (self.state, self.target, self.due_at, self.ended_at)
        after = _fields_of(reading)
        if after == self._fields:
            return False
        self.state, self.target, self.started_at, self.due_at, self.ended_at, self.paused_by = after
        self._set_times(reading)
        if self.state is ClockState.PENDING:
            self.notified_state = None  # the due time moved back, so it can warn again
        elif self.state is ClockState.AT_RISK and self.notified_state is ClockState.BREACHING:
            self.notified_state = ClockState.AT_RISK  # so that it can breach again
        return before != (self.state, self.target, self.due_at, self.ended_at)

    @property
    def _fields(self) -> Fields:
        return (
            self.state,
            self.target,
            self.started_at,
            self.due_at,
            self.ended_at,
            self.paused_by,
        )

    def _set_times(self, reading: Reading) -> None:
        # Only after the end, because growing times would cause a write on every update.
        if reading.ended_at is None:
            self.open_time = self.wall_time = None
        else:
            self.open_time = timedelta(seconds=reading.elapsed_seconds)
            self.wall_time = reading.wall_time

    def cancel(self, *, at: datetime) -> bool:
        """Cancel the clock because its target no longer applies, and say whether it ran."""
        if not self.running:
            return False
        self.state, self.ended_at, self.due_at = ClockState.CANCELLED, at, None
        self.held_until = None
        return True

    def unnotified_state(self, *, at: datetime) -> ClockState | None:
        """Return the state to notify now, or None.

        A warning shortly before the due time is skipped, since the breach follows at once.
        """
        notified = SEVERITY[self.notified_state] if self.notified_state is not None else 0
        if not self.running or SEVERITY.get(self.state, 0) <= notified:
            return None
        soon = self.due_at is not None and self.due_at - at < MINIMUM_GAP
        return None if self.state is ClockState.AT_RISK and soon else self.state

    def follow_levels(self, ahead: Sequence[Moment], *, at: datetime) -> bool:
        """Forget notified steps that lie ahead again, and say whether ``held_until`` changed."""
        if not (ahead or self.notified_levels or self.held_until):
            return False
        reached = Counter(it.step.level for it in ahead if it.at < at + MINIMUM_GAP)
        notified = enumerate(self.notified_levels, start=1)
        self.notified_levels = tuple(min(steps, reached[level]) for level, steps in notified)
        held = [it.at for it in self.unnotified_steps(ahead) if it.reached_at <= at < it.at]
        before, self.held_until = self.held_until, min(held, default=None)
        return before != self.held_until

    def unnotified_steps(self, ahead: Iterable[Moment]) -> list[Moment]:
        """Return the steps not yet notified; none while the clock is paused."""
        if not self.running or self.state is ClockState.PAUSED:
            return []
        return [it for it in ahead if it.step.repeat >= self._notified_of(it.step.level)]

    def mark_notified(self, steps: Iterable[LevelStep]) -> None:
        notified = Counter(dict(enumerate(self.notified_levels, start=1)))
        for step in steps:
            notified[step.level] = max(notified[step.level], step.repeat + 1)
        self.notified_levels = tuple(
            notified[level] for level in range(1, max(notified, default=0) + 1)
        )

    def _notified_of(self, level: int) -> int:
        return self.notified_levels[level - 1] if level <= len(self.notified_levels) else 0


def _fields_of(reading: Reading) -> Fields:
    return (
        reading.state,
        timedelta(seconds=reading.target_seconds),
        reading.started_at,
        reading.due_at,
        reading.ended_at,
        reading.paused_by,
    )
