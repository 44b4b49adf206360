"""A clock that is kept with its case: how one cycle of it stood when it was last looked at."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sla.engine import Reading
from bot.sla.metric import Metric
from bot.sla.states import ClockState

MINIMUM_GAP = timedelta(minutes=2)
"""A warning that comes so shortly before the due time is left out: the breach says it all."""

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
    told: ClockState | None = None  # the worst of it that people have been told

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
        self.state, self.target, self.started_at, self.due_at, self.ended_at, self.paused_by = shown
        self._keep_times(reading)
        if self.state is ClockState.PENDING:
            self.told = None  # due later than it was: there is a new warning to give
        elif self.state is ClockState.AT_RISK and self.told is ClockState.BREACHING:
            self.told = ClockState.AT_RISK  # and a new breach
        return before != (self.state, self.target, self.due_at, self.ended_at)

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
        return True

    def untold(self, *, at: datetime) -> ClockState | None:
        """What people have to be told of this clock now, if anything."""
        told = SEVERITY[self.told] if self.told is not None else 0
        if not self.running or SEVERITY.get(self.state, 0) <= told:
            return None
        soon = self.due_at is not None and self.due_at - at < MINIMUM_GAP
        return None if self.state is ClockState.AT_RISK and soon else self.state


def _shown(
    reading: Reading,
) -> tuple[ClockState, timedelta, datetime, datetime | None, datetime | None, str | None]:
    return (
        reading.state,
        timedelta(seconds=reading.target_seconds),
        reading.started_at,
        reading.due_at,
        reading.ended_at,
        reading.paused_by,
    )
