"""Apply the events of a case to its clocks."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from bot.priority import Priority
from bot.sla.clock_event import ClockEvent, ClockEventKind
from bot.sla.metric import RESOLVING, Metric, pauses
from bot.sla.timeline import Begun, Hold, Timeline, Turn
from bot.team import Policy, Waiting

STARTED_LATER = frozenset({Metric.NEXT_RESPONSE, Metric.OWNERSHIP})
FROM_THE_OPENING = tuple(metric for metric in Metric if metric not in STARTED_LATER)
ENDED_BY_RESOLUTION = RESOLVING | {Metric.OWNERSHIP}  # a resolution cancels the other clocks
PROMISED_TO_CUSTOMERS = RESOLVING | {Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE}
APPLY_AFTER_CLOSING = frozenset({ClockEventKind.REOPENED, ClockEventKind.PRIORITY_CHANGED})


class History:
    """The timelines of all clocks of one case, built from its events.

    Events without an effect are ignored: a second claim, the release or hand-off of an unclaimed
    case, the end of a wait that never began. A new wait replaces the previous one. Only a reply, a
    resumption or the end of the case ends a wait.

    A closed case ignores all events but a reopening. A change of priority while it is closed
    applies from the reopening on.
    """

    def __init__(
        self,
        policy: Policy,
        priority: Priority,
        opened_at: datetime,
        *,
        begin: Collection[Metric] = FROM_THE_OPENING,
    ) -> None:
        self.timelines: list[Timeline] = []
        self._policy, self._priority = policy, priority
        self._running: dict[Metric, Timeline] = {}
        self._waiting: Waiting | None = None
        self._owned = self._contacted = self._closed = False
        self._resumable: list[Timeline] = []  # continue if the case is reopened
        for metric in begin:
            self._start(metric, opened_at, Begun.OPENED)

    def apply(self, clock_events: Iterable[ClockEvent]) -> None:
        """Apply events in order of time."""
        for clock_event in clock_events:
            if not self._closed or clock_event.kind in APPLY_AFTER_CLOSING:
                STEPS[clock_event.kind](self, clock_event)

    @property
    def priority(self) -> Priority:
        return self._priority

    @property
    def running(self) -> Collection[Timeline]:
        """The timelines that have not ended, including those on hold."""
        return self._running.values()

    def claimed(self, clock_event: ClockEvent) -> None:
        if not self._owned:
            self._owned = True
            self._end(Metric.CLAIM, clock_event.at)
            self._start(Metric.OWNERSHIP, clock_event.at, Begun.CLAIMED)

    def handed_off(self, clock_event: ClockEvent) -> None:
        if self._owned:
            self._end(Metric.OWNERSHIP, clock_event.at)
            self._start(Metric.OWNERSHIP, clock_event.at, Begun.HANDED_OFF)

    def released(self, clock_event: ClockEvent) -> None:
        if self._owned:
            self._owned = False
            self._end(Metric.OWNERSHIP, clock_event.at)
            self._start(Metric.CLAIM, clock_event.at, Begun.RELEASED)

    def customer_contacted(self, clock_event: ClockEvent) -> None:
        # The first contact is the first response, even if that has no target.
        self._contacted = True
        first = Metric.FIRST_RESPONSE in self._running
        self._end(Metric.FIRST_RESPONSE if first else Metric.NEXT_RESPONSE, clock_event.at)
        self.updated(clock_event)

    def customer_replied(self, clock_event: ClockEvent) -> None:
        if self._waiting is Waiting.CUSTOMER:
            self.resumed(clock_event)
        if self._contacted and Metric.NEXT_RESPONSE not in self._running:
            self._start(Metric.NEXT_RESPONSE, clock_event.at, Begun.CUSTOMER_REPLIED)

    def updated(self, clock_event: ClockEvent) -> None:
        self._end(Metric.UPDATE, clock_event.at)
        self._start(Metric.UPDATE, clock_event.at, Begun.UPDATED)

    def waits(self, clock_event: ClockEvent) -> None:
        self._waiting = clock_event.on
        for timeline in self._running.values():
            timeline.hold(self._hold(timeline.metric), at=clock_event.at)

    def resumed(self, clock_event: ClockEvent) -> None:
        self._waiting = None
        for timeline in self._running.values():
            timeline.hold(None, at=clock_event.at)

    def priority_changed(self, clock_event: ClockEvent) -> None:
        self._priority = clock_event.to or self._priority
        self._retarget(clock_event.at)

    def resolved(self, clock_event: ClockEvent) -> None:
        self._resumable = [self._running[Metric.TOTAL_RESOLUTION]]
        self._finish(clock_event, cancelled=frozenset(Metric) - ENDED_BY_RESOLUTION)

    def declined(self, clock_event: ClockEvent) -> None:
        # If the case is reopened, the customer's promises apply again from their old start.
        self._resumable = [
            it for it in self._running.values() if it.metric in PROMISED_TO_CUSTOMERS
        ]
        self._finish(clock_event, cancelled=frozenset(Metric))

    def reopened(self, clock_event: ClockEvent) -> None:
        if not self._closed:
            return
        self._closed = False
        for timeline in self._resumable:
            timeline.reopen(at=clock_event.at)
            self._running[timeline.metric] = timeline
        self._retarget(clock_event.at)
        self._start(Metric.UPDATE, clock_event.at, Begun.REOPENED)
        # A case that had an owner when it was closed keeps that owner.
        metric = Metric.OWNERSHIP if self._owned else Metric.CLAIM
        self._start(metric, clock_event.at, Begun.REOPENED)

    def _finish(self, clock_event: ClockEvent, *, cancelled: Collection[Metric]) -> None:
        self.resumed(clock_event)
        self._closed = True
        for metric in list(self._running):
            self._end(metric, clock_event.at, cancelled=metric in cancelled)

    def _retarget(self, at: datetime) -> None:
        for timeline in self._running.values():
            if timeline.priority is not self._priority:
                timeline.retarget(self._priority, at=at)

    def _hold(self, metric: Metric) -> Hold | None:
        if self._waiting is not None and pauses(self._policy, metric, self._waiting):
            return self._waiting
        return None

    def _start(self, metric: Metric, at: datetime, begun: Begun) -> None:
        turns = [Turn(at, self._hold(metric))]
        timeline = Timeline(metric, self._policy, self._priority, at, begun, turns)
        self.timelines.append(timeline)
        self._running[metric] = timeline

    def _end(self, metric: Metric, at: datetime, *, cancelled: bool = False) -> None:
        if (timeline := self._running.pop(metric, None)) is not None:
            timeline.end(at=at, cancelled=cancelled)


STEPS: Mapping[ClockEventKind, Callable[[History, ClockEvent], None]] = {
    ClockEventKind.CLAIMED: History.claimed,
    ClockEventKind.HANDED_OFF: History.handed_off,
    ClockEventKind.RELEASED: History.released,
    ClockEventKind.CUSTOMER_CONTACTED: History.customer_contacted,
    ClockEventKind.CUSTOMER_REPLIED: History.customer_replied,
    ClockEventKind.UPDATED: History.updated,
    ClockEventKind.WAITING: History.waits,
    ClockEventKind.RESUMED: History.resumed,
    ClockEventKind.PRIORITY_CHANGED: History.priority_changed,
    ClockEventKind.RESOLVED: History.resolved,
    ClockEventKind.DECLINED: History.declined,
    ClockEventKind.REOPENED: History.reopened,
}
