"""Compute the clocks of a case at an instant from its history."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile

from bot.messages import Sentence
from bot.priority import Priority
from bot.sla.clock_event import ClockEvent
from bot.sla.clock_state import ClockState
from bot.sla.explanation import explanation
from bot.sla.history import History
from bot.sla.metric import Metric
from bot.sla.timeline import Timeline
from bot.team import Policy, Waiting

BY_CALENDAR = "calendar"
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The state of one clock in one cycle. Instants are in UTC, seconds are whole open time.

    The seconds compare the whole run of the clock with its target. After a change of priority
    whose target counts from the change, or with a grace, only ``due_at`` is reliable.
    """

    clock: Metric
    cycle: int  # counted from 1, only cycles with a target
    state: ClockState
    target_seconds: int
    elapsed_seconds: int
    started_at: datetime
    due_at: datetime | None  # None: on hold, or the calendar is not open that long
    ended_at: datetime | None
    paused_by: str | None  # the party that the case waits on, or "calendar"
    next_at: datetime | None  # the next warning or due time
    _timeline: Timeline = field(repr=False, compare=False)
    _now: datetime = field(repr=False, compare=False)

    @property
    def remaining_seconds(self) -> int:
        return self.target_seconds - self.elapsed_seconds

    def past_due(self, offset: timedelta) -> datetime | None:
        """Return when it has run ``offset`` past its due time; None while on hold before that.

        A negative offset is before the due time.
        """
        return self._timeline.past_due(offset)

    @property
    def warns_at(self) -> datetime | None:
        """The last warning, from which the clock is at risk."""
        return next(iter(self._timeline.warns_at[-1:]), None)

    @property
    def wall_time(self) -> timedelta:
        """The wall time it ran, up to its end or now, without pauses."""
        return self._timeline.lasted(self.ended_at or self._now)

    @property
    def ended_late(self) -> bool:
        """Whether it was overdue when it was met or cancelled."""
        return bool(self.ended_at and self.due_at and self.ended_at > self.due_at)

    @property
    def explanation_lines(self) -> list[Sentence]:
        """How the state came about, line by line. Slow: compute it only to show it."""
        return explanation(self._timeline, self._now)

    @property
    def explanation(self) -> list[str]:
        """The explanation in English."""
        return list(map(str, self.explanation_lines))


def readings(
    policy: Policy,
    *,
    priority: Priority,
    opened_at: datetime,
    clock_events: Iterable[ClockEvent],
    now: datetime,
) -> list[Reading]:
    """Return every cycle of every clock, by clock and then by cycle.

    Args:
        policy: the policy that fitted the case when it was opened. A change of priority does not
            change it, because a policy has targets for every priority.
        priority: the priority that the case was opened with.
        clock_events: in order of time. Events after ``now`` are ignored, so one history gives
            the readings of any instant.

    Datetimes must be aware and between 1970 and 2090, since a calendar looks ten years ahead.
    """
    if policy.enforce_from is not None and opened_at < policy.enforce_from:
        return []
    history = History(policy, priority, opened_at)
    history.apply(takewhile(lambda clock_event: clock_event.at <= now, clock_events))
    found = []
    for metric in Metric:
        promised = (t for t in history.timelines if t.metric is metric and t.promise is not None)
        found += [read(timeline, cycle, now) for cycle, timeline in enumerate(promised, start=1)]
    return found


def read(timeline: Timeline, cycle: int, now: datetime) -> Reading:
    """Return the reading of one cycle that has a target."""
    target = timeline.promise.target if timeline.promise else timedelta(0)
    held = timeline.held_by is not None
    due_at = None if held else timeline.due_at
    warnings = [] if held or timeline.ended_at else timeline.warns_at
    steps = [*warnings, due_at] if timeline.ended_at is None else []
    return Reading(
        clock=timeline.metric,
        cycle=cycle,
        state=_state(timeline, due_at, warnings, now),
        target_seconds=target // SECOND,
        elapsed_seconds=timeline.ran(timeline.ended_at or now) // SECOND,
        started_at=timeline.started_at,
        due_at=due_at,
        ended_at=timeline.ended_at,
        paused_by=_paused_by(timeline, now),
        next_at=min((at for at in steps if at is not None and at > now), default=None),
        _timeline=timeline,
        _now=now,
    )


def _state(
    timeline: Timeline, due_at: datetime | None, warnings: list[datetime | None], now: datetime
) -> ClockState:
    """Return the state of a clock.

    A clock breaches at its due instant, unless it ends at exactly that instant. A clock on hold
    is paused even if it was overdue before, because it gets no later meanwhile.
    """
    if timeline.cancelled:
        return ClockState.CANCELLED
    if timeline.ended_at is not None:
        late = due_at is not None and timeline.ended_at > due_at
        return ClockState.MET_LATE if late else ClockState.MET
    if timeline.held_by is not None:
        return ClockState.PAUSED
    if due_at is not None and now >= due_at:
        return ClockState.BREACHING
    last = warnings[-1] if warnings else None
    return ClockState.AT_RISK if last is not None and now >= last else ClockState.PENDING


def _paused_by(timeline: Timeline, now: datetime) -> str | None:
    if timeline.ended_at is not None:
        return None
    if isinstance(timeline.held_by, Waiting):
        return timeline.held_by.value
    return None if timeline.policy.calendar.is_open(now) else BY_CALENDAR
