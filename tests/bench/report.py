"""The results, as a table and as JSON."""

import math
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from rich.table import Table

from tests.bench.databases import Count
from tests.bench.requests.load import Round
from tests.bench.requests.plan import Measure

TOO_LATE = 3.0  # seconds, after which Slack reports a failure to the user


@dataclass(frozen=True)
class Finding:
    """The result of a measurement: medians over its rounds, and sums of errors."""

    name: str
    pace: str
    answers: int
    per_second: float
    p50_ms: float
    p99_ms: float
    worst_ms: float
    of_floor: float  # throughput, relative to the floor's at full speed
    times_floor: float  # median latency, relative to the floor's at the same rate
    cpu_us: float  # processor time of the servers for a request
    errors: int
    over_3s: int


def findings(plan: Sequence[Measure]) -> list[Finding]:
    """Summarize the measurements. The first two are the floor: at full speed, and at a rate."""
    fast, steady = plan[:2]
    return [_finding(it, steady if it.rate else fast) for it in plan]


def _finding(measure: Measure, floor: Measure) -> Finding:
    rounds = measure.rounds
    paired = list(zip(rounds, floor.rounds, strict=True))
    return Finding(
        name=measure.name,
        pace=measure.pace,
        answers=sum(len(it.latencies) for it in rounds),
        per_second=median(map(per_second, rounds)),
        p50_ms=median(percentile(it, 0.5) for it in rounds) * 1e3,
        p99_ms=median(percentile(it, 0.99) for it in rounds) * 1e3,
        worst_ms=max(percentile(it, 1.0) for it in rounds) * 1e3,
        of_floor=median(per_second(ours) / per_second(theirs) for ours, theirs in paired),
        times_floor=median(percentile(a, 0.5) / percentile(b, 0.5) for a, b in paired),
        cpu_us=median(measure.cpu) * 1e6,
        errors=sum(len(it.errors) for it in rounds),
        over_3s=sum(latency > TOO_LATE for it in rounds for latency in it.latencies),
    )


def per_second(done: Round) -> float:
    return len(done.latencies) / done.seconds


def percentile(done: Round, part: float) -> float:
    ordered = sorted(done.latencies)
    return ordered[max(math.ceil(part * len(ordered)) - 1, 0)]


def machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def table(found: Sequence[Finding], facts: dict[str, Any]) -> Table:
    environment = ", ".join(f"{name} {value}" for name, value in facts.items())
    made = Table(title=f"Baton compared with a bare ack ({environment})", title_justify="left")
    for heading in ("measurement", "rate"):
        made.add_column(heading)
    headings = (
        "per second",
        "relative to floor",
        "p50 ms",
        "p99 ms",
        "worst ms",
        "CPU µs",
        "errors",
    )
    for heading in (*headings, "over 3 s"):
        made.add_column(heading, justify="right")
    for it in found:
        made.add_row(
            it.name,
            it.pace,
            f"{it.per_second:,.0f}",
            f"{it.times_floor:.1f} x p50" if it.pace != "full speed" else f"{it.of_floor:.0%}",
            f"{it.p50_ms:.2f}",
            f"{it.p99_ms:.1f}",
            f"{it.worst_ms:.0f}",
            f"{it.cpu_us:,.0f}",
            str(it.errors),
            str(it.over_3s),
        )
    return made


def stored(name: str, count: Count) -> str:
    return (
        f"{name}: {count.accepted:,} submissions accepted, {count.cases:,} cases; "
        f"{count.lost} lost, {count.duplicated} duplicated, {count.unexpected} unexpected"
    )


def as_json(
    found: Sequence[Finding], facts: dict[str, Any], counts: dict[str, Count], small: dict[str, Any]
) -> dict[str, Any]:
    return {
        "machine": facts,
        "found": [asdict(it) for it in found],
        "databases": {name: asdict(count) for name, count in counts.items()},
        "small": small,
    }
