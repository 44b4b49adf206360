"""How promises were kept in a period: figures, each of which knows its cases."""

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
    MET = "met"
    LATE = "late"  # met, and too late
    OVERDUE = "overdue"  # past due, and nobody has met it yet


class Result(NamedTuple):
    """One promise that was due: a clock in one of its cycles. There are many in a report."""

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
    open_time: timedelta | None  # how long it ran; None while it runs
    wall_time: timedelta | None

    def verdict(self, *, at: datetime) -> Verdict | None:
        """None if there is none: it may be met yet, or was cancelled.

        What is past due counts as that, whether or not anybody has looked at the clock since.
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
    """A case that was resolved, and is."""

    story: ClockInputs
    miss_reason: MissReason | None


@dataclass(frozen=True)
class PeriodData:
    """What a part of a period had in it."""

    results: Sequence[Result]
    ended: Sequence[Ended]
    reopened: Sequence[CaseId]


@dataclass(eq=False)
class Times:
    """Lengths of time, to whole seconds, and what is in the middle of them."""

    seconds: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, length: timedelta) -> None:
        self.seconds.append(length // SECOND)

    @property
    def mean(self) -> timedelta:
        return fmean(self.seconds) * SECOND if self.seconds else timedelta(0)

    @property
    def median(self) -> timedelta:
        return median(self.seconds) * SECOND if self.seconds else timedelta(0)

    @property
    def p90(self) -> timedelta:
        """The shortest of them that nine in ten do not exceed."""
        if not self.seconds:
            return timedelta(0)
        return sorted(self.seconds)[ceil(len(self.seconds) * 9 / 10) - 1] * SECOND


@dataclass(eq=False)
class Attainment:
    """How the promises of one clock went, and how long they took that were met."""

    cases: dict[Verdict, list[CaseId]] = field(
        default_factory=lambda: {verdict: [] for verdict in Verdict}
    )
    open_time: Times = field(default_factory=Times)
    wall_time: Times = field(default_factory=Times)

    @property
    def due(self) -> int:
        return sum(map(len, self.cases.values()))

    @property
    def met(self) -> int:
        return len(self.cases[Verdict.MET])

    @property
    def share(self) -> float | None:
        """Of what was due, what was met in time; None if nothing was due."""
        return self.met / self.due if self.due else None

    def add(self, result: Result, verdict: Verdict) -> None:
        self.cases[verdict].append(result.case)
        if result.open_time is not None and result.wall_time is not None:
            self.open_time.add(result.open_time)
            self.wall_time.add(result.wall_time)


@dataclass(eq=False)
class Report:
    """The figures of a team in a period, by when the promises were due.

    It is given a part of the period at a time, so that any number of cases will do.
    """

    document: TeamDocument
    period: Period
    at: datetime
    overdue: Sequence[CaseId]  # now, whenever it was due
    clocks: dict[Metric, Attainment] = field(
        default_factory=lambda: {metric: Attainment() for metric in Metric}
    )
    resolved: list[CaseId] = field(default_factory=list)
    reopened: list[CaseId] = field(default_factory=list)
    misses: dict[MissReason, list[CaseId]] = field(default_factory=lambda: defaultdict(list))
    waited: dict[WaitsOn, Lasted] = field(default_factory=lambda: dict.fromkeys(WaitsOn, Lasted()))

    def take(self, found: PeriodData) -> None:
        for result in found.results:
            if verdict := result.verdict(at=self.at):
                self.clocks[result.metric].add(result, verdict)
        self.reopened += found.reopened
        for ended in found.ended:
            self._take_ended(ended)

    @property
    def numbers(self) -> dict[str, list[CaseId]]:
        """The cases behind each number that is not zero, each of them once, by its name."""
        named: dict[str, Iterable[CaseId]] = {"overdue": self.overdue}
        for metric, attainment in self.promised.items():
            named |= {f"{metric}/{it}": attainment.cases[it] for it in reversed(Verdict)}
        named |= {f"missed/{reason}": self.misses[reason] for reason in self.misses}
        named |= {"reopened": self.reopened, "resolved": self.resolved}
        return {name: list(dict.fromkeys(cases)) for name, cases in named.items() if cases}

    @property
    def promised(self) -> dict[Metric, Attainment]:
        """The clocks of which anything was due, in the order in which people read them."""
        return {metric: it for metric, it in self.clocks.items() if it.due}

    def _take_ended(self, ended: Ended) -> None:
        story = ended.story
        self.resolved.append(story.id)
        if ended.miss_reason is not None:
            self.misses[ended.miss_reason].append(story.id)
        for on, lasted in story.waits(story.policy_in(self.document), until=self.at).items():
            self.waited[on] += lasted
