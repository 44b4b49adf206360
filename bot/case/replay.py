"""What people would have been told of a case under another policy: its story, told again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, takewhile

from bot.case.story import Story
from bot.case.watch import Crossed, crossed_clocks
from bot.sla import Clock
from bot.sla.course import Course
from bot.sla.engine import read
from bot.sla.history import History
from bot.team import Policy


@dataclass(frozen=True)
class Nudge:
    at: datetime
    crossed: Crossed


def nudges(story: Story, policy: Policy, *, until: datetime) -> Iterator[Nudge]:
    """In order of time, had the policy been in force all along, and Baton never been late.

    Its start of enforcement does not count: a promise is tried on cases from before it.
    """
    replay = _Replay(History(policy, story.opened_priority, story.opened_at))
    here = story.opened_at
    heard = takewhile(lambda happening: happening.at <= until, story.happenings)
    for at, at_once in groupby(heard, key=lambda happening: happening.at):
        yield from replay.between(here, at)
        replay.history.hear(at_once)
        here = at
    yield from takewhile(lambda nudge: nudge.at <= until, replay.between(here, None))


class _Replay:
    """Looks at each instant at which a clock turns late, and at no other: there are many cases."""

    def __init__(self, history: History) -> None:
        self.history = history
        self._clocks: dict[Course, Clock] = {}  # those that have been late

    def between(self, start: datetime, end: datetime | None) -> Iterator[Nudge]:
        """From ``start`` on, and before ``end``, while nothing else happens."""
        here: datetime | None = start
        while here is not None and (end is None or here < end):
            if crossed := crossed_clocks(self._followed(here), at=here):
                yield Nudge(here, crossed)
            here = self._next_look(here)

    def _next_look(self, after: datetime) -> datetime | None:
        ahead = (at for course in self.history.running for at in course.turns_late)
        return min((at for at in ahead if at > after), default=None)

    def _followed(self, at: datetime) -> list[Clock]:
        """The clocks that people may have to be told of, or have been."""
        late = []
        for course in self.history.running:
            turned = any(turns_at <= at for turns_at in course.turns_late)
            if course.promise is not None and (turned or course in self._clocks):
                late.append(self._follow(course, at))
        return late

    def _follow(self, course: Course, at: datetime) -> Clock:
        reading = read(course, 1, at)
        if (clock := self._clocks.get(course)) is None:
            clock = self._clocks[course] = Clock.of(reading)
        else:
            clock.follow(reading)
        return clock
