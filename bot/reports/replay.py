"""What people would have been told of a case under another policy: its story, told again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, takewhile

from bot.case.clock_inputs import Story
from bot.case.crossing import Crossed, Watched, crossed
from bot.sla import Clock, Happening, Moment, moments
from bot.sla.engine import read
from bot.sla.history import History
from bot.sla.timeline import Course
from bot.team import Level, Policy


@dataclass(frozen=True)
class Nudge:
    at: datetime
    crossed: Crossed


def nudges(
    story: Story, policy: Policy, levels: Sequence[Level], *, until: datetime
) -> Iterator[Nudge]:
    """In order of time, had the policy been in force all along, and Baton never been late.

    Its start of enforcement does not count: a promise is tried on cases from before it.
    """
    replay = _Replay(History(policy, story.opened_priority, story.opened_at), levels)
    here = story.opened_at
    heard = takewhile(lambda happening: happening.at <= until, story.happenings)
    for at, at_once in groupby(heard, key=lambda happening: happening.at):
        yield from replay.between(here, at)
        replay.hear(at_once)
        here = at
    yield from takewhile(lambda nudge: nudge.at <= until, replay.between(here, None))


class _Replay:
    """Looks at each instant at which a clock turns late or a level speaks up, and at no other."""

    def __init__(self, history: History, levels: Sequence[Level]) -> None:
        self._history, self._levels = history, levels
        self._clocks: dict[Course, Clock] = {}  # those that have had something to say
        self._ahead: dict[Course, tuple[Moment, ...]] = {}  # as long as nothing happens

    def hear(self, happenings: Iterable[Happening]) -> None:
        self._history.hear(happenings)
        self._ahead.clear()

    def between(self, start: datetime, end: datetime | None) -> Iterator[Nudge]:
        """From ``start`` on, and before ``end``, while nothing else happens."""
        here: datetime | None = start
        while here is not None and (end is None or here < end):
            if told := crossed(self._watched(here), at=here):
                yield Nudge(here, told)
            here = self._next_look(here)

    def _next_look(self, after: datetime) -> datetime | None:
        turns = (at for course in self._history.running for at in course.turns_late)
        steps = (it.at for ahead in self._ahead.values() for it in ahead)
        return min((at for at in (*turns, *steps) if at > after), default=None)

    def _watched(self, at: datetime) -> list[Watched]:
        """The clocks that people may have to be told of, or have been."""
        found = []
        for course in self._history.running:
            if course.promise is None:
                continue
            ahead = self._steps_of(course, at)
            turns = (*course.turns_late, *(it.at for it in ahead))
            if course in self._clocks or any(turns_at <= at for turns_at in turns):
                found.append(Watched(self._follow(course, ahead, at), ahead))
        return found

    def _steps_of(self, course: Course, at: datetime) -> tuple[Moment, ...]:
        if course not in self._ahead:
            steps = moments(read(course, 1, at), self._levels, self._history.priority)
            self._ahead[course] = tuple(steps)
        return self._ahead[course]

    def _follow(self, course: Course, ahead: Sequence[Moment], at: datetime) -> Clock:
        reading = read(course, 1, at)
        if (clock := self._clocks.get(course)) is None:
            clock = self._clocks[course] = Clock.of(reading)
        else:
            clock.follow(reading)
        clock.follow_levels(ahead, at=at)
        return clock
