"""What people would have been told of a case under another policy: its story, told again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, takewhile

from bot.case.clock_inputs import ClockInputs
from bot.case.crossing import Crossed, Watched, crossed
from bot.sla import Clock, ClockEvent, Moment, moments
from bot.sla.engine import read
from bot.sla.history import History
from bot.sla.timeline import Timeline
from bot.team import Level, Policy


@dataclass(frozen=True)
class ReplayedNudge:
    at: datetime
    crossed: Crossed


def nudges(
    story: ClockInputs, policy: Policy, levels: Sequence[Level], *, until: datetime
) -> Iterator[ReplayedNudge]:
    """In order of time, had the policy been in force all along, and Baton never been late.

    Its start of enforcement does not count: a promise is tried on cases from before it.
    """
    replay = _Replay(History(policy, story.opened_priority, story.opened_at), levels)
    here = story.opened_at
    heard = takewhile(lambda clock_event: clock_event.at <= until, story.clock_events)
    for at, at_once in groupby(heard, key=lambda clock_event: clock_event.at):
        yield from replay.between(here, at)
        replay.hear(at_once)
        here = at
    yield from takewhile(lambda nudge: nudge.at <= until, replay.between(here, None))


class _Replay:
    """Looks at each instant at which a clock turns late or a level speaks up, and at no other."""

    def __init__(self, history: History, levels: Sequence[Level]) -> None:
        self._history, self._levels = history, levels
        self._clocks: dict[Timeline, Clock] = {}  # those that have had something to say
        self._ahead: dict[Timeline, tuple[Moment, ...]] = {}  # as long as nothing happens

    def hear(self, clock_events: Iterable[ClockEvent]) -> None:
        self._history.hear(clock_events)
        self._ahead.clear()

    def between(self, start: datetime, end: datetime | None) -> Iterator[ReplayedNudge]:
        """From ``start`` on, and before ``end``, while nothing else happens."""
        here: datetime | None = start
        while here is not None and (end is None or here < end):
            if told := crossed(self._watched(here), at=here):
                yield ReplayedNudge(here, told)
            here = self._next_look(here)

    def _next_look(self, after: datetime) -> datetime | None:
        turns = (at for timeline in self._history.running for at in timeline.turns_late)
        steps = (it.at for ahead in self._ahead.values() for it in ahead)
        return min((at for at in (*turns, *steps) if at > after), default=None)

    def _watched(self, at: datetime) -> list[Watched]:
        """The clocks that people may have to be told of, or have been."""
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
