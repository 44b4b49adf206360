"""When escalation levels are reached for a clock, counted from its due time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.priority import Priority
from bot.sla.engine import Reading
from bot.sla.metric import Metric
from bot.team import Level

MINIMUM_GAP = timedelta(minutes=2)
"""Notifications closer together than this are merged into one, at the highest severity."""


@dataclass(frozen=True)
class LevelStep:
    """One notification of a level about one cycle of a clock; each is sent once."""

    metric: Metric
    cycle: int
    level: int  # counted from 1
    repeat: int  # 0 is the first notification

    def __str__(self) -> str:
        return f"{self.metric}/{self.cycle}/{self.level}/{self.repeat}"

    @classmethod
    def read(cls, text: str) -> "LevelStep":
        metric, cycle, level, repeat = text.split("/")
        return cls(Metric(metric), int(cycle), int(level), int(repeat))


@dataclass(frozen=True)
class Moment:
    """When a step is reached and notified if nothing else happens."""

    step: LevelStep
    reached_at: datetime
    at: datetime  # later than ``reached_at`` if the step waits for the hours of its level


def moments(reading: Reading, levels: Iterable[Level], priority: Priority) -> Iterator[Moment]:
    """Yield the steps of each level, then its repeats; none if the clock has ended."""
    watching = [level for level in levels if level.watches(reading.clock)]
    if not watching or reading.ended_at is not None:
        return
    own = _own_notifications(reading)
    for level in watching:
        for repeat, offset in enumerate(level.offsets):
            if (reached_at := reading.past_due(offset)) is None:
                break  # the clock is on hold before that
            # A step just before the clock's own notification moves there, to be merged with it.
            reached_at = next((it for it in own if _just_before(reached_at, it)), reached_at)
            step = LevelStep(reading.clock, reading.cycle, level.number, repeat)
            yield Moment(step, reached_at, level.notify_at(reached_at, priority))


def _own_notifications(reading: Reading) -> list[datetime]:
    """Return when the clock notifies without any level: at its due time and its warning."""
    due_at, warns_at = reading.due_at, reading.warns_at
    found = [due_at] if due_at is not None else []
    if warns_at is not None and (due_at is None or due_at - warns_at >= MINIMUM_GAP):
        found.append(warns_at)
    return found


def _just_before(reached_at: datetime, other: datetime) -> bool:
    return timedelta(0) < other - reached_at < MINIMUM_GAP
