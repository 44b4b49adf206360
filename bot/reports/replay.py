"""Replay the history of a case under another policy, to find the nudges it would have caused."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, takewhile

from bot.case.clock_inputs import ClockInputs
from bot.case.due.crossing import Crossed, Watched, crossed
from bot.sla import Clock, ClockEvent, Moment, moments
from bot.sla.engine import read
from bot.sla.history import History
from bot.sla.timeline import Timeline
from bot.team import Level, Policy


@dataclass(frozen=True)
class ReplayedNudge:
    """A nudge that would have been sent."""

    at: datetime
    crossed: Crossed


def nudges(
    case: ClockInputs, policy: Policy, levels: Sequence[Level], *, until: datetime
) -> Iterator[ReplayedNudge]:
    """Yield the nudges in time order, as if the policy had always been in force.

    The start of enforcement is ignored, because the policy is tested on cases from before it. The
    replay assumes that every check of the case is on time.
    """
    replay = _Replay(History(policy, case.opened_priority, case.opened_at), levels)
    start = case.opened_at
    past = takewhile(lambda clock_event: clock_event.at <= until, case.clock_events)
    for at, at_once in groupby(past, key=lambda clock_event: clock_event.at):
        yield from replay.between(start, at)
        replay.apply(at_once)
        start = at
    yield from takewhile(lambda nudge: nudge.at <= until, replay.between(start, None))


class _Replay:
    """Checks a case at exactly the instants at which a clock turns late or a level notifies."""

    def __init__(self, history: History, levels: Sequence[Level]) -> None:
        self._history, self._levels = history, levels
        self._clocks: dict[Timeline, Clock] = {}  # those that had something to notify about
        self._ahead: dict[Timeline, tuple[Moment, ...]] = {}  # until the next event

    def apply(self, clock_events: Iterable[ClockEvent]) -> None:
        self._history.apply(clock_events)
        self._ahead.clear()

    def between(self, start: datetime, end: datetime | None) -> Iterator[ReplayedNudge]:
        """Yield the nudges in ``[start, end)``, during which no event happens."""
        at: datetime | None = start
        while at is not None and (end is None or at < end):
            if crossing := crossed(self._watched(at), at=at):
                yield ReplayedNudge(at, crossing)
            at = self._next_check(at)

    def _next_check(self, after: datetime) -> datetime | None:
        turns = (at for timeline in self._history.running for at in timeline.turns_late)
        steps = (it.at for ahead in self._ahead.values() for it in ahead)
        return min((at for at in (*turns, *steps) if at > after), default=None)

    def _watched(self, at: datetime) -> list[Watched]:
        """Return the clocks that need a notification at ``at``, or had one before."""
        found = []
        for timeline in self._history.running:
            if timeline.promise is None:
                continue
            ahead = self._steps_of(timeline, at)
            turns = (*timeline.turns_late, *(it.at for it in ahead))
            if timeline in self._clocks or any(turns_at <= at for turns_at in turns):
                found.append(Watched(self._follow(timeline, ahead, at), ahead))
        return found

    def _steps_of(self, timeline: Timeline, at: datetime) -> tuple[Moment, ...]:
        if timeline not in self._ahead:
            steps = moments(read(timeline, 1, at), self._levels, self._history.priority)
            self._ahead[timeline] = tuple(steps)
        return self._ahead[timeline]

    def _follow(self, timeline: Timeline, ahead: Sequence[Moment], at: datetime) -> Clock:
        reading = read(timeline, 1, at)
        if (clock := self._clocks.get(timeline)) is None:
            clock = self._clocks[timeline] = Clock.of(reading)
        else:
            clock.follow(reading)
        clock.follow_levels(ahead, at=at)
        return clock
