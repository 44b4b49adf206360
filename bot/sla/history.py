"""What each happening does to the clocks of a case."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from bot.priority import Priority
from bot.sla.clock_event import Happening, Kind
from bot.sla.metric import RESOLVING, Metric, pauses
from bot.sla.timeline import Course, Hold, Turn
from bot.team import Policy, Waiting

STARTED_LATER = frozenset({Metric.NEXT_RESPONSE, Metric.OWNERSHIP})
FROM_THE_OPENING = tuple(metric for metric in Metric if metric not in STARTED_LATER)
GOES_ON_TO_THE_END = RESOLVING | {Metric.OWNERSHIP}  # a resolution ends it, and cancels the others
OWED_TO_CUSTOMERS = RESOLVING | {Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE}
HEARD_WHEN_OVER = frozenset({Kind.REOPENED, Kind.PRIORITY_CHANGED})


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
        self.courses: list[Course] = []
        self._policy, self._priority = policy, priority
        self._running: dict[Metric, Course] = {}
        self._waiting: Waiting | None = None
        self._owned = self._contacted = self._over = False
        self._cut_short: list[Course] = []  # those that go on if the case is reopened
        for metric in begin:
            self._start(metric, opened_at, "opened")

    def hear(self, happenings: Iterable[Happening]) -> None:
        for happening in happenings:
            if not self._over or happening.kind in HEARD_WHEN_OVER:
                STEPS[happening.kind](self, happening)

    @property
    def priority(self) -> Priority:
        return self._priority

    @property
    def running(self) -> Collection[Course]:
        """Those that have not ended, held ones too."""
        return self._running.values()

    def claimed(self, happening: Happening) -> None:
        if not self._owned:
            self._owned = True
            self._end(Metric.CLAIM, happening.at)
            self._start(Metric.OWNERSHIP, happening.at, "claimed")

    def handed_off(self, happening: Happening) -> None:
        if self._owned:
            self._end(Metric.OWNERSHIP, happening.at)
            self._start(Metric.OWNERSHIP, happening.at, "handed off")

    def released(self, happening: Happening) -> None:
        if self._owned:
            self._owned = False
            self._end(Metric.OWNERSHIP, happening.at)
            self._start(Metric.CLAIM, happening.at, "released")

    def customer_contacted(self, happening: Happening) -> None:
        """A first response that nobody promised has to be given all the same."""
        self._contacted = True
        first = Metric.FIRST_RESPONSE in self._running
        self._end(Metric.FIRST_RESPONSE if first else Metric.NEXT_RESPONSE, happening.at)
        self.updated(happening)

    def customer_replied(self, happening: Happening) -> None:
        if self._waiting is Waiting.CUSTOMER:
            self.resumed(happening)
        if self._contacted and Metric.NEXT_RESPONSE not in self._running:
            self._start(Metric.NEXT_RESPONSE, happening.at, "the customer wrote")

    def updated(self, happening: Happening) -> None:
        self._end(Metric.UPDATE, happening.at)
        self._start(Metric.UPDATE, happening.at, "updated")

    def waits(self, happening: Happening) -> None:
        self._waiting = happening.on
        for course in self._running.values():
            course.hold(self._hold(course.metric), at=happening.at)

    def resumed(self, happening: Happening) -> None:
        self._waiting = None
        for course in self._running.values():
            course.hold(None, at=happening.at)

    def priority_changed(self, happening: Happening) -> None:
        self._priority = happening.to or self._priority
        self._retarget(happening.at)

    def resolved(self, happening: Happening) -> None:
        self._cut_short = [self._running[Metric.TOTAL_RESOLUTION]]
        self._finish(happening, cancelled=frozenset(Metric) - GOES_ON_TO_THE_END)

    def declined(self, happening: Happening) -> None:
        """What was promised to the customer stands again if it turns out to be owed."""
        self._cut_short = [it for it in self._running.values() if it.metric in OWED_TO_CUSTOMERS]
        self._finish(happening, cancelled=frozenset(Metric))

    def reopened(self, happening: Happening) -> None:
        """The case goes on with its last owner, if it had one when it was resolved."""
        if not self._over:
            return
        self._over = False
        for course in self._cut_short:
            course.run_on(at=happening.at)
            self._running[course.metric] = course
        self._retarget(happening.at)
        self._start(Metric.UPDATE, happening.at, "reopened")
        owed = Metric.OWNERSHIP if self._owned else Metric.CLAIM
        self._start(owed, happening.at, "reopened")

    def _finish(self, happening: Happening, *, cancelled: Collection[Metric]) -> None:
        self.resumed(happening)
        self._over = True
        for metric in list(self._running):
            self._end(metric, happening.at, cancelled=metric in cancelled)

    def _retarget(self, at: datetime) -> None:
        for course in self._running.values():
            if course.priority is not self._priority:
                course.retarget(self._priority, at=at)

    def _hold(self, metric: Metric) -> Hold | None:
        if self._waiting is not None and pauses(self._policy, metric, self._waiting):
            return self._waiting
        return None

    def _start(self, metric: Metric, at: datetime, begun: str) -> None:
        turns = [Turn(at, self._hold(metric))]
        course = Course(metric, self._policy, self._priority, at, begun, turns)
        self.courses.append(course)
        self._running[metric] = course

    def _end(self, metric: Metric, at: datetime, *, cancelled: bool = False) -> None:
        if (course := self._running.pop(metric, None)) is not None:
            course.end(at=at, cancelled=cancelled)


STEPS: Mapping[Kind, Callable[[History, Happening], None]] = {
    Kind.CLAIMED: History.claimed,
    Kind.HANDED_OFF: History.handed_off,
    Kind.RELEASED: History.released,
    Kind.CUSTOMER_CONTACTED: History.customer_contacted,
    Kind.CUSTOMER_REPLIED: History.customer_replied,
    Kind.UPDATED: History.updated,
    Kind.WAITING: History.waits,
    Kind.RESUMED: History.resumed,
    Kind.PRIORITY_CHANGED: History.priority_changed,
    Kind.RESOLVED: History.resolved,
    Kind.DECLINED: History.declined,
    Kind.REOPENED: History.reopened,
}
