"""How long a case waited on us, on the customer and on third parties."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.priority import Priority
from bot.sla.clock_event import ClockEvent, ClockEventKind
from bot.sla.history import History
from bot.sla.metric import Metric
from bot.sla.timeline import CLOSED, Timeline
from bot.team import Policy, Waiting

MOVES_WAITS = frozenset(
    {
        *(ClockEventKind.WAITING, ClockEventKind.RESUMED, ClockEventKind.CUSTOMER_REPLIED),
        *(ClockEventKind.RESOLVED, ClockEventKind.DECLINED, ClockEventKind.REOPENED),
    }
)


class WaitsOn(StrEnum):
    """The party that a case waits on; ``US`` is the team itself."""

    US = "us"
    CUSTOMER = "customer"
    THIRD_PARTY = "third_party"


@dataclass(frozen=True)
class Lasted:
    """One duration, in open time and in wall time."""

    open_time: timedelta = timedelta(0)
    wall_time: timedelta = timedelta(0)

    def __add__(self, other: "Lasted") -> "Lasted":
        return Lasted(self.open_time + other.open_time, self.wall_time + other.wall_time)


def waits(
    policy: Policy, *, opened_at: datetime, clock_events: Iterable[ClockEvent], until: datetime
) -> dict[WaitsOn, Lasted]:
    """Return how long a case waited on each party, from its opening to its end or ``until``.

    The time between a resolution and a reopening counts for no party.
    """
    timeline = _timeline_paused_by_all(policy, opened_at, clock_events)
    found = dict.fromkeys(WaitsOn, Lasted())
    for start, end, held_by in timeline.spans():
        end = end or timeline.ended_at or until
        if held_by != CLOSED:
            on = WaitsOn.US if held_by is None else WaitsOn(held_by)
            found[on] += Lasted(policy.calendar.between(start, end), end - start)
    return found


def _timeline_paused_by_all(
    policy: Policy, opened_at: datetime, clock_events: Iterable[ClockEvent]
) -> Timeline:
    pausing = replace(policy, pause_on={Metric.TOTAL_RESOLUTION: frozenset(Waiting)})
    history = History(pausing, Priority.NORMAL, opened_at, begin=[Metric.TOTAL_RESOLUTION])
    history.apply(it for it in clock_events if it.kind in MOVES_WAITS)
    return history.timelines[0]
