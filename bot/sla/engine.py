"""How the clocks of a case stand at an instant, from its history alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile

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
    """One clock, in one of its cycles. Instants are UTC, seconds are whole and of open time.

    The seconds compare all that the clock ran with its target. Where a change of priority gave a
    target that counts from the change, or a grace, only ``due_at`` says how long there is.
    """

    clock: Metric
    cycle: int  # counted from 1 among those that were promised
    state: ClockState
    target_seconds: int
    elapsed_seconds: int
    started_at: datetime
    due_at: datetime | None  # None: held by a wait, or the desk never opens for so long
    ended_at: datetime | None
    paused_by: str | None  # on whom the case waits, or "calendar"
    next_at: datetime | None  # when the clock next has something to say: a warning, or due
    _timeline: Timeline = field(repr=False, compare=False)
    _now: datetime = field(repr=False, compare=False)

    @property
    def remaining_seconds(self) -> int:
        return self.target_seconds - self.elapsed_seconds

    def past_due(self, offset: timedelta) -> datetime | None:
        """When it has run so long past its due time, or before it; None while it is held."""
        return self._timeline.past_due(offset)

    @property
    def warns_at(self) -> datetime | None:
        """When it comes to be at risk."""
        return next(iter(self._timeline.warns_at[-1:]), None)

    @property
    def wall_time(self) -> timedelta:
        """How long it ran on the wall's clock, up to its end or now, without its pauses."""
        return self._timeline.lasted(self.ended_at or self._now)

    @property
    def ended_late(self) -> bool:
        """Whether it was over its due time when it ended, be it met or cancelled."""
        return bool(self.ended_at and self.due_at and self.ended_at > self.due_at)

    @property
    def explanation(self) -> list[str]:
        """How it came about, line by line. Costs more than the rest: ask for what is shown."""
        return explanation(self._timeline, self._now)


def readings(
    policy: Policy,
    *,
    priority: Priority,
    opened_at: datetime,
    clock_events: Iterable[ClockEvent],
    now: datetime,
) -> list[Reading]:
    """Each clock in each of its cycles, by clock and then by cycle.

    Args:
        policy: the one that fitted the case when it was opened. It stays the case's, whatever
            its priority becomes, for it has targets for every priority.
        priority: the one that the case was opened with.
        happenings: in order of time; those of one instant in the order in which they count.
            What happened after ``now`` is left out, so that one history answers for any instant.

    Instants are aware, and from 1970 to 2090, for a calendar knows ten years more.
    """
    if policy.enforce_from is not None and opened_at < policy.enforce_from:
        return []
    history = History(policy, priority, opened_at)
    history.hear(takewhile(lambda clock_event: clock_event.at <= now, clock_events))
    found = []
    for metric in Metric:
        promised = (c for c in history.timelines if c.metric is metric and c.promise is not None)
        found += [read(timeline, cycle, now) for cycle, timeline in enumerate(promised, start=1)]
    return found


def read(timeline: Timeline, cycle: int, now: datetime) -> Reading:
    """How one clock stands, in a cycle that was promised."""
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
    """At its due instant a clock breaches; what ends it at that very instant is in time.

    A clock that is held is paused, even if it was due before: it runs no later meanwhile.
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
