"""What a document would do, before it is in force: case by case, so that any number will do."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.case import ClockInputs
from bot.case.event import EventKind
from bot.people import CaseId
from bot.priority import Priority
from bot.reports.digest import URGENCY
from bot.reports.replay import ReplayedNudge, nudges
from bot.sla import ClockState, Metric, Reading
from bot.team import Policy, TeamDocument

REPLAYED = timedelta(days=90)
MOST_SHOWN = 20
INSTANT_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Move:
    """A running clock that would be due at another time; None where it would not run."""

    case: CaseId
    customer: str
    priority: Priority
    metric: Metric
    before: Reading | None
    after: Reading | None

    @property
    def late_at_once(self) -> bool:
        """Whether its promise would be broken by the document alone."""
        return _is_late(self.after) and not _is_late(self.before)

    @property
    def place(self) -> tuple[int, bool, datetime, CaseId]:
        """The most urgent is the first: by priority, then by what it would be due."""
        reading = self.after or self.before
        assert reading is not None  # noqa: S101  for mypy: a clock on neither side moves nowhere
        due_at = reading.due_at if self.after else None
        return URGENCY[self.priority], due_at is None, due_at or reading.started_at, self.case


@dataclass(eq=False)
class Tally:
    """What people would have been told, in a stretch of time."""

    breaches: int = 0  # promises, of which a nudge may tell several
    nudges: int = 0
    after_hours: int = 0  # of the nudges: at those the team was closed

    def count(self, nudge: ReplayedNudge, *, after_hours: bool) -> None:
        self.nudges += 1
        self.after_hours += after_hours
        if nudge.crossed.kind is EventKind.BREACHED:
            self.breaches += len(nudge.crossed.clocks)


@dataclass(eq=False)
class DocumentPreview:
    """Give it all open cases, and those that were opened or resolved since ``replays_since``.

    It keeps figures and the moves to show, and none of the cases.
    """

    old: TeamDocument
    new: TeamDocument
    at: datetime
    fitting: Counter[str] = field(default_factory=Counter)  # open cases, by the policy's name
    moves: list[Move] = field(default_factory=list)  # the most urgent
    moved: int = 0  # all of them
    moved_cases: int = 0
    late_cases: int = 0  # of the moved cases: late at once
    replayed: int = 0  # cases
    before: Tally = field(default_factory=Tally)
    after: Tally = field(default_factory=Tally)

    @property
    def replays_since(self) -> datetime:
        return self.at - REPLAYED

    @property
    def untold(self) -> int:
        """How many moves there are besides those to show."""
        return self.moved - len(self.moves)

    def take(self, clock_inputs: Iterable[ClockInputs]) -> None:
        for story in clock_inputs:
            old, new = story.policy_in(self.old), story.policy_in(self.new)
            if story.over_at is None:
                self.fitting[new.name] += 1
                self._add(moves_of(story, old, new, at=self.at) if old != new else [])
            if max(story.opened_at, story.over_at or story.opened_at) >= self.replays_since:
                self._replay(story, old, new)

    def _add(self, moves: Sequence[Move]) -> None:
        if not moves:
            return
        self.moved += len(moves)
        self.moved_cases += 1
        self.late_cases += any(move.late_at_once for move in moves)
        self.moves = sorted([*self.moves, *moves], key=lambda move: move.place)[:MOST_SHOWN]

    def _replay(self, story: ClockInputs, old: Policy, new: Policy) -> None:
        self.replayed += 1
        same = old == new and self.old.levels_for(old) == self.new.levels_for(new)
        before = self._told(story, old, self.old)
        after = before if same else self._told(story, new, self.new)
        for nudge in before:
            self.before.count(nudge, after_hours=not is_open(self.old, nudge.at))
        for nudge in after:
            self.after.count(nudge, after_hours=not is_open(self.new, nudge.at))

    def _told(
        self, story: ClockInputs, policy: Policy, document: TeamDocument
    ) -> list[ReplayedNudge]:
        told = nudges(story, policy, document.levels_for(policy), until=self.at)
        return [nudge for nudge in told if nudge.at >= self.replays_since]


def moves_of(story: ClockInputs, old: Policy, new: Policy, *, at: datetime) -> list[Move]:
    """Each running clock of a case that would be due at another time."""
    before, after = _running(story, old, at), _running(story, new, at)
    return [
        Move(
            case=story.id,
            customer=story.customer,
            priority=story.priority,
            metric=metric,
            before=before.get(metric),
            after=after.get(metric),
        )
        for metric in Metric
        if _due(before.get(metric)) != _due(after.get(metric))
    ]


def is_open(document: TeamDocument, at: datetime) -> bool:
    """Whether the team is there, by any of its calendars. At its closing it still is."""
    calendars = map(document.calendar, document.calendars)
    instants = (at, at - INSTANT_BEFORE)
    return any(calendar.is_open(instant) for calendar in calendars for instant in instants)


def _running(story: ClockInputs, policy: Policy, at: datetime) -> dict[Metric, Reading]:
    """There is one running cycle of a clock at most."""
    clocks = story.clocks(policy, at=at)
    return {reading.clock: reading for reading in clocks if reading.ended_at is None}


def _due(reading: Reading | None) -> tuple[bool, datetime | None]:
    return reading is not None, reading.due_at if reading is not None else None


def _is_late(reading: Reading | None) -> bool:
    return reading is not None and reading.state is ClockState.BREACHING
