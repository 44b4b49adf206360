"""A clock that is kept with its case: one target, one cycle."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.priority import Priority
from bot.sla.metric import Metric
from bot.sla.states import ClockState
from bot.team import Policy


@dataclass(eq=False)
class Clock:
    """One target running on one case, one cycle of it. Instants are UTC, lengths open time."""

    metric: Metric
    cycle: int  # counted from 1; a released or reopened case starts the next
    priority: Priority  # as it was when the clock began
    target: timedelta
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    state: ClockState = ClockState.PENDING
    ended_at: datetime | None = None

    @classmethod
    def start(
        cls,
        metric: Metric,
        target: timedelta,
        policy: Policy,
        *,
        priority: Priority,
        cycle: int,
        at: datetime,
    ) -> "Clock":
        last_warning = max((it.reached_after(target) for it in policy.warn_at), default=target)
        warn_at = policy.calendar.after(at, last_warning)
        due_at = policy.calendar.after(at, target)
        return cls(metric, cycle, priority, target, at, warn_at, due_at)

    @property
    def running(self) -> bool:
        return self.ended_at is None

    @property
    def next_at(self) -> datetime | None:
        """When this clock next has something to say."""
        match self.state:
            case ClockState.PENDING:
                return self.warn_at
            case ClockState.AT_RISK:
                return self.due_at
            case _:
                return None

    def tick(self, *, at: datetime) -> ClockState | None:
        """The state that the clock has come to since it was last asked, the worst of them."""
        before = self.state
        if not self.running:
            return None
        if at >= self.due_at:
            self.state = ClockState.BREACHING
        elif at >= self.warn_at:
            self.state = ClockState.AT_RISK
        return self.state if self.state is not before else None

    def fulfil(self, *, at: datetime) -> None:
        """End the clock. An end at the due instant itself is in time."""
        self.ended_at = at
        self.state = ClockState.MET if at <= self.due_at else ClockState.MET_LATE

    def cancel(self, *, at: datetime) -> None:
        self.ended_at, self.state = at, ClockState.CANCELLED
