"""When which level speaks up about a clock: its steps, from the due time of the clock."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.priority import Priority
from bot.sla.engine import Reading
from bot.sla.metric import Metric
from bot.team import Level

MINIMUM_GAP = timedelta(minutes=2)
"""What is told in a shorter time than this is told at once, as the most severe of it."""


@dataclass(frozen=True)
class LevelStep:
    """One thing that a level says about one cycle of a clock; it is said once."""

    metric: Metric
    cycle: int
    level: int  # counted from 1
    repeat: int  # 0: the first time

    def __str__(self) -> str:
        return f"{self.metric}/{self.cycle}/{self.level}/{self.repeat}"

    @classmethod
    def read(cls, text: str) -> "LevelStep":
        metric, cycle, level, repeat = text.split("/")
        return cls(Metric(metric), int(cycle), int(level), int(repeat))


@dataclass(frozen=True)
class Moment:
    """When a step is taken, if nothing else happens."""

    step: LevelStep
    reached_at: datetime
    at: datetime  # later than reached, if it is held until the hours of its level open


def moments(reading: Reading, levels: Iterable[Level], priority: Priority) -> Iterator[Moment]:
    """Of each level the first time, then its repeats. What has ended has none."""
    watching = [level for level in levels if level.watches(reading.clock)]
    if not watching or reading.ended_at is not None:
        return
    lines = _lines(reading)
    for level in watching:
        for repeat, offset in enumerate(level.offsets):
            if (reached_at := reading.past_due(offset)) is None:
                break  # the clock is held before that
            reached_at = next((it for it in lines if _just_before(reached_at, it)), reached_at)
            step = LevelStep(reading.clock, reading.cycle, level.number, repeat)
            yield Moment(step, reached_at, level.speaks_at(reached_at, priority))


def _lines(reading: Reading) -> list[datetime]:
    """What people are told of the clock without any level: that it is due, and before that."""
    due_at, warns_at = reading.due_at, reading.warns_at
    told = [due_at] if due_at is not None else []
    if warns_at is not None and (due_at is None or due_at - warns_at >= MINIMUM_GAP):
        told.append(warns_at)
    return told


def _just_before(reached_at: datetime, line: datetime) -> bool:
    return timedelta(0) < line - reached_at < MINIMUM_GAP
