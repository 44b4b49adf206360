"""Preview what a new team document would change, case by case to bound the memory."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.case import ClockInputs
from bot.case.event import EventKind
from bot.case.urgency import URGENCY
from bot.people import CaseId
from bot.priority import Priority
from bot.reports.replay import ReplayedNudge, nudges
from bot.sla import ClockState, Metric, Reading
from bot.team import Policy, TeamDocument

REPLAYED = timedelta(days=90)  # how far back cases are replayed
MOST_SHOWN = 20  # moves
INSTANT_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Move:
    """A running clock whose due time changes; None on a side where it does not run."""

    case: CaseId
    customer: str
    priority: Priority
    metric: Metric
    before: Reading | None
    after: Reading | None

    @property
    def late_at_once(self) -> bool:
        """Whether the new document alone makes the clock late."""
        return _is_late(self.after) and not _is_late(self.before)

    @property
    def urgency(self) -> tuple[int, bool, datetime, CaseId]:
        """Sort key, most urgent first: by priority, then by the new due time."""
        reading = self.after or self.before
        assert reading is not None  # noqa: S101  for mypy: a move has at least one side
        due_at = reading.due_at if self.after else None
        return URGENCY[self.priority], due_at is None, due_at or reading.started_at, self.case


@dataclass(eq=False)
class Tally:
    """Counts of the nudges that would have been sent in a period."""

    breaches: int = 0  # targets: one nudge may report several
    nudges: int = 0
    after_hours: int = 0  # nudges while the team was closed

    def count(self, nudge: ReplayedNudge, *, after_hours: bool) -> None:
        """Add a nudge to the counts."""
        self.nudges += 1
        self.after_hours += after_hours
        if nudge.crossed.kind is EventKind.BREACHED:
            self.breaches += len(nudge.crossed.clocks)


@dataclass(eq=False)
class DocumentPreview:
    """The difference between two documents, on real cases.

    ``take`` needs all open cases, and all that were opened or closed since ``replays_since``. Only
    figures and the moves to show are kept, not the cases.
    """

    old: TeamDocument
    new: TeamDocument
    at: datetime
    fitting: Counter[str] = field(default_factory=Counter)  # open cases by their new policy's name
    moves: list[Move] = field(default_factory=list)  # the most urgent ones
    moved: int = 0  # all of them
    moved_cases: int = 0
    late_cases: int = 0  # moved cases that would be late at once
    replayed: int = 0  # cases
    before: Tally = field(default_factory=Tally)
    after: Tally = field(default_factory=Tally)

    @property
    def replays_since(self) -> datetime:
        return self.at - REPLAYED

    @property
    def not_shown(self) -> int:
        """The number of moves that are not shown."""
        return self.moved - len(self.moves)

    def take(self, clock_inputs: Iterable[ClockInputs]) -> None:
        """Add some of the cases to the figures."""
        for case in clock_inputs:
            old, new = case.policy_in(self.old), case.policy_in(self.new)
            if case.over_at is None:
                self.fitting[new.name] += 1
                self._add(moves_of(case, old, new, at=self.at) if old != new else [])
            if max(case.opened_at, case.over_at or case.opened_at) >= self.replays_since:
                self._replay(case, old, new)

    def _add(self, moves: Sequence[Move]) -> None:
        if not moves:
            return
        self.moved += len(moves)
        self.moved_cases += 1
        self.late_cases += any(move.late_at_once for move in moves)
        self.moves = sorted([*self.moves, *moves], key=lambda move: move.urgency)[:MOST_SHOWN]

    def _replay(self, case: ClockInputs, old: Policy, new: Policy) -> None:
        self.replayed += 1
        same = old == new and self.old.levels_for(old) == self.new.levels_for(new)
        before = self._recent_nudges(case, old, self.old)
        after = before if same else self._recent_nudges(case, new, self.new)
        for nudge in before:
            self.before.count(nudge, after_hours=not is_open(self.old, nudge.at))
        for nudge in after:
            self.after.count(nudge, after_hours=not is_open(self.new, nudge.at))

    def _recent_nudges(
        self, case: ClockInputs, policy: Policy, document: TeamDocument
    ) -> list[ReplayedNudge]:
        replayed = nudges(case, policy, document.levels_for(policy), until=self.at)
        return [nudge for nudge in replayed if nudge.at >= self.replays_since]


def moves_of(case: ClockInputs, old: Policy, new: Policy, *, at: datetime) -> list[Move]:
    """Return the running clocks of a case whose due time the new policy changes."""
    before, after = _running(case, old, at), _running(case, new, at)
    return [
        Move(
            case=case.id,
            customer=case.customer,
            priority=case.priority,
            metric=metric,
            before=before.get(metric),
            after=after.get(metric),
        )
        for metric in Metric
        if _due(before.get(metric)) != _due(after.get(metric))
    ]


def is_open(document: TeamDocument, at: datetime) -> bool:
    """Return whether any calendar of the team is open; the closing instant counts as open."""
    calendars = map(document.calendar, document.calendars)
    instants = (at, at - INSTANT_BEFORE)
    return any(calendar.is_open(instant) for calendar in calendars for instant in instants)


def _running(case: ClockInputs, policy: Policy, at: datetime) -> dict[Metric, Reading]:
    """Return the running clocks by metric: each has at most one running cycle."""
    clocks = case.clocks(policy, at=at)
    return {reading.clock: reading for reading in clocks if reading.ended_at is None}


def _due(reading: Reading | None) -> tuple[bool, datetime | None]:
    return reading is not None, reading.due_at if reading is not None else None


def _is_late(reading: Reading | None) -> bool:
    return reading is not None and reading.state is ClockState.BREACHING
