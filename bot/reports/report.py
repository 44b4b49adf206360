"""How well a team met its targets in a period: figures, each with the cases behind it."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from statistics import fmean, median
from typing import NamedTuple

from bot.case import ClockInputs, MissReason
from bot.people import CaseId
from bot.priority import Priority
from bot.reports.period import Period
from bot.sla import ClockState, Lasted, Metric, WaitsOn
from bot.team import TeamDocument

SECOND = timedelta(seconds=1)


class Verdict(StrEnum):
    """Whether a target that was due was met."""

    MET = "met"
    LATE = "late"  # met, but too late
    OVERDUE = "overdue"  # past due, and not met yet


class Result(NamedTuple):
    """One cycle of a clock. A tuple, because a report reads very many."""

    case: CaseId
    customer: str
    priority: Priority
    metric: Metric
    cycle: int
    state: ClockState
    target: timedelta
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    open_time: timedelta | None  # how long it ran, in open hours; None while it runs
    wall_time: timedelta | None

    def verdict(self, *, at: datetime) -> Verdict | None:
        """Return the verdict at an instant, or None if the clock was cancelled or is not due yet.

        It depends on the due time, not on the stored state, which may lag behind until the next
        check of the case.
        """
        match self.state:
            case ClockState.MET:
                return Verdict.MET
            case ClockState.MET_LATE:
                return Verdict.LATE
            case ClockState.CANCELLED:
                return None
        return Verdict.OVERDUE if self.due_at <= at else None


@dataclass(frozen=True)
class Ended:
    """A case that was resolved in the period and still is."""

    clock_inputs: ClockInputs
    miss_reason: MissReason | None


@dataclass(frozen=True)
class PeriodData:
    """The data of a part of a period."""

    results: Sequence[Result]
    ended: Sequence[Ended]
    reopened: Sequence[CaseId]


@dataclass(eq=False)
class Times:
    """Durations in whole seconds, with their mean, median and 90th percentile."""

    seconds: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, duration: timedelta) -> None:
        self.seconds.append(duration // SECOND)

    @property
    def mean(self) -> timedelta:
        return fmean(self.seconds) * SECOND if self.seconds else timedelta(0)

    @property
    def median(self) -> timedelta:
        return median(self.seconds) * SECOND if self.seconds else timedelta(0)

    @property
    def p90(self) -> timedelta:
        """The shortest duration that at least nine in ten do not exceed."""
        if not self.seconds:
            return timedelta(0)
        return sorted(self.seconds)[ceil(len(self.seconds) * 9 / 10) - 1] * SECOND


@dataclass(eq=False)
class Attainment:
    """The verdicts on one metric, and how long the clocks that ended ran."""

    cases: dict[Verdict, list[CaseId]] = field(
        default_factory=lambda: {verdict: [] for verdict in Verdict}
    )
    open_time: Times = field(default_factory=Times)
    wall_time: Times = field(default_factory=Times)

    @property
    def due(self) -> int:
        """The number of targets that were due."""
        return sum(map(len, self.cases.values()))

    @property
    def met(self) -> int:
        """The number of targets that were met in time."""
        return len(self.cases[Verdict.MET])

    @property
    def share(self) -> float | None:
        """The share of due targets that were met in time; None if none was due."""
        return self.met / self.due if self.due else None

    def add(self, result: Result, verdict: Verdict) -> None:
        self.cases[verdict].append(result.case)
        if result.open_time is not None and result.wall_time is not None:
            self.open_time.add(result.open_time)
            self.wall_time.add(result.wall_time)


@dataclass(eq=False)
class Report:
    """The figures of a team for a period. A target counts in the period in which it was due.

    ``take`` adds one part of the period at a time, which bounds the memory.
    """

    document: TeamDocument
    period: Period
    at: datetime
    overdue: Sequence[CaseId]  # overdue now, regardless of the period
    clocks: dict[Metric, Attainment] = field(
        default_factory=lambda: {metric: Attainment() for metric in Metric}
    )
    resolved: list[CaseId] = field(default_factory=list)
    reopened: list[CaseId] = field(default_factory=list)
    misses: dict[MissReason, list[CaseId]] = field(default_factory=lambda: defaultdict(list))
    waited: dict[WaitsOn, Lasted] = field(default_factory=lambda: dict.fromkeys(WaitsOn, Lasted()))

    def take(self, part: PeriodData) -> None:
        """Add a part of the period to the figures."""
        for result in part.results:
            if verdict := result.verdict(at=self.at):
                self.clocks[result.metric].add(result, verdict)
        self.reopened += part.reopened
        for ended in part.ended:
            self._take_ended(ended)

    @property
    def numbers(self) -> dict[str, list[CaseId]]:
        """The cases behind each figure that is not zero, by the name of the figure."""
        named: dict[str, Iterable[CaseId]] = {"overdue": self.overdue}
        for metric, attainment in self.promised.items():
            named |= {f"{metric}/{it}": attainment.cases[it] for it in reversed(Verdict)}
        named |= {f"missed/{reason}": self.misses[reason] for reason in self.misses}
        named |= {"reopened": self.reopened, "resolved": self.resolved}
        return {name: list(dict.fromkeys(cases)) for name, cases in named.items() if cases}

    @property
    def promised(self) -> dict[Metric, Attainment]:
        """The metrics with due targets, in display order."""
        return {metric: it for metric, it in self.clocks.items() if it.due}

    def _take_ended(self, ended: Ended) -> None:
        case = ended.clock_inputs
        self.resolved.append(case.id)
        if ended.miss_reason is not None:
            self.misses[ended.miss_reason].append(case.id)
        for on, lasted in case.waits(case.policy_in(self.document), until=self.at).items():
            self.waited[on] += lasted
