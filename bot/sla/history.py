"""What each happening does to the clocks of a case."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from bot.priority import Priority
from bot.sla.clock_event import ClockEvent, ClockEventKind
from bot.sla.metric import RESOLVING, Metric, pauses
from bot.sla.timeline import Hold, Timeline, Turn
from bot.team import Policy, Waiting

STARTED_LATER = frozenset({Metric.NEXT_RESPONSE, Metric.OWNERSHIP})
FROM_THE_OPENING = tuple(metric for metric in Metric if metric not in STARTED_LATER)
GOES_ON_TO_THE_END = RESOLVING | {Metric.OWNERSHIP}  # a resolution ends it, and cancels the others
PROMISED_TO_CUSTOMERS = RESOLVING | {Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE}
HEARD_WHEN_OVER = frozenset({ClockEventKind.REOPENED, ClockEventKind.PRIORITY_CHANGED})


class History:
    """The courses of all clocks of one case, as its happenings start, hold and end them.

    What changes nothing does nothing: a second claim, the release or the hand-off of a case that
    nobody has, an end to no wait. Another wait takes the place of the one before it. Only a reply,
    a resumption and a resolution end a wait; a claim, a hand-off or a release does not.

    A case that is over hears of nothing but its reopening. A priority that changes meanwhile counts
    from there on.
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
        self._owned = self._contacted = self._over = False
        self._cut_short: list[Timeline] = []  # those that go on if the case is reopened
        for metric in begin:
            self._start(metric, opened_at, "opened")

    def hear(self, clock_events: Iterable[ClockEvent]) -> None:
        for clock_event in clock_events:
            if not self._over or clock_event.kind in HEARD_WHEN_OVER:
                STEPS[clock_event.kind](self, clock_event)

    @property
    def priority(self) -> Priority:
        return self._priority

    @property
    def running(self) -> Collection[Timeline]:
        """Those that have not ended, held ones too."""
        return self._running.values()

    def claimed(self, clock_event: ClockEvent) -> None:
        if not self._owned:
            self._owned = True
            self._end(Metric.CLAIM, clock_event.at)
            self._start(Metric.OWNERSHIP, clock_event.at, "claimed")

    def handed_off(self, clock_event: ClockEvent) -> None:
        if self._owned:
            self._end(Metric.OWNERSHIP, clock_event.at)
            self._start(Metric.OWNERSHIP, clock_event.at, "handed off")

    def released(self, clock_event: ClockEvent) -> None:
        if self._owned:
            self._owned = False
            self._end(Metric.OWNERSHIP, clock_event.at)
            self._start(Metric.CLAIM, clock_event.at, "released")

    def customer_contacted(self, clock_event: ClockEvent) -> None:
        """A first response that nobody promised has to be given all the same."""
        self._contacted = True
        first = Metric.FIRST_RESPONSE in self._running
        self._end(Metric.FIRST_RESPONSE if first else Metric.NEXT_RESPONSE, clock_event.at)
        self.updated(clock_event)

    def customer_replied(self, clock_event: ClockEvent) -> None:
        if self._waiting is Waiting.CUSTOMER:
            self.resumed(clock_event)
        if self._contacted and Metric.NEXT_RESPONSE not in self._running:
            self._start(Metric.NEXT_RESPONSE, clock_event.at, "the customer wrote")

    def updated(self, clock_event: ClockEvent) -> None:
        self._end(Metric.UPDATE, clock_event.at)
        self._start(Metric.UPDATE, clock_event.at, "updated")

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
        self._cut_short = [self._running[Metric.TOTAL_RESOLUTION]]
        self._finish(clock_event, cancelled=frozenset(Metric) - GOES_ON_TO_THE_END)

    def declined(self, clock_event: ClockEvent) -> None:
        """What was promised to the customer stands again if it turns out to be owed."""
        self._cut_short = [
            it for it in self._running.values() if it.metric in PROMISED_TO_CUSTOMERS
        ]
        self._finish(clock_event, cancelled=frozenset(Metric))

    def reopened(self, clock_event: ClockEvent) -> None:
        """The case goes on with its last owner, if it had one when it was resolved."""
        if not self._over:
            return
        self._over = False
        for timeline in self._cut_short:
            timeline.run_on(at=clock_event.at)
            self._running[timeline.metric] = timeline
        self._retarget(clock_event.at)
        self._start(Metric.UPDATE, clock_event.at, "reopened")
        queued = Metric.OWNERSHIP if self._owned else Metric.CLAIM
        self._start(queued, clock_event.at, "reopened")

    def _finish(self, clock_event: ClockEvent, *, cancelled: Collection[Metric]) -> None:
        self.resumed(clock_event)
        self._over = True
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

    def _start(self, metric: Metric, at: datetime, begun: str) -> None:
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
