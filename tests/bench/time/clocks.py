"""Time calculations: open time, the clock engine, a tick among many cases, a calendar edit."""

import asyncio
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from tests.bench.crowd import Crowd
from tests.bench.databases import each_database
from tests.bench.time import engine, open_time, query_plans, ticking

NAME = "clocks"
SIZES = (10_000, 100_000, 1_000_000)
REPLANNED_AT = 100_000

Tell = Callable[[str], None]


def show(console: Console, only: str, *, quick: bool = False) -> ticking.Findings:
    """Measure and print, unless ``only`` names another benchmark."""
    if not NAME.startswith(only):
        return {}
    with console.status("") as status:
        status.update("open time and the engine")
        findings = open_time.measure() | open_time.far() | engine.measure()
        lines = asyncio.run(_databases(findings, SIZES[:2] if quick else SIZES, status.update))
    console.print(table(findings, "Time calculations, compared with a floor"))
    console.print(*lines, sep="\n", soft_wrap=True)
    return findings


async def _databases(findings: ticking.Findings, sizes: tuple[int, ...], tell: Tell) -> list[str]:
    lines = []
    for database, url in each_database("clocks"):
        lines += await _crowded(findings, Crowd(database, url), sizes, tell)
    return lines


async def _crowded(
    findings: ticking.Findings, crowd: Crowd, sizes: tuple[int, ...], tell: Tell
) -> list[str]:
    """Measure one database at growing sizes."""
    lines, ticks = [], {}
    await crowd.begin()
    for size in sizes:
        tell(f"{crowd.name}: {size:,} open cases")
        crowd.grow(size)
        ticked, loaded = await ticking.tick(crowd)
        ticks[size] = ticked
        lines.append(f"{crowd.name}, {size:,} open: loads nothing to find 100, then {loaded}")
        findings |= ticked
        if size == REPLANNED_AT:
            tell(f"{crowd.name}: rescheduling {size:,}")
            findings |= await ticking.replan(crowd)
    findings |= ticking.grown(crowd.name, ticks)
    lines += [_plan(crowd.name, *it) for it in query_plans.row_by_row(crowd).items()]
    crowd.close()
    return lines


def _plan(database: str, query: str, steps: list[str]) -> str:
    return f"{database}, {query}: " + ("; ".join(steps) or "by index")


def table(findings: ticking.Findings, title: str) -> Table:
    made = Table(title=f"{title} (the first line of each section)", title_justify="left")
    made.add_column("operation")
    for heading in ("time", "per second", "relative to floor"):
        made.add_column(heading, justify="right")
    for title, lines in findings.items():
        made.add_section()
        made.add_row(f"[bold]{title}")
        for it in lines:
            times = f"{it.of_floor:.2f} x" if it.of_floor < 100 else f"{it.of_floor:,.0f} x"
            made.add_row(f"  {it.name}", _length(it.seconds), f"{1 / it.seconds:,.0f}", times)
    return made


def _length(seconds: float) -> str:
    if seconds < 1e-3:
        return f"{seconds * 1e6:.2f} µs"
    return f"{seconds * 1e3:.2f} ms" if seconds < 1 else f"{seconds:,.1f} s"
