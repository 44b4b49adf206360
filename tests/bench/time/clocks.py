"""What time costs: open time, the engine, a tick among a million cases, a calendar edited."""

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
    """Measure and print it, unless something else alone is wanted."""
    if not NAME.startswith(only):
        return {}
    with console.status("") as status:
        status.update("open time and the engine")
        findings = open_time.measure() | open_time.far() | engine.measure()
        said = asyncio.run(_databases(findings, SIZES[:2] if quick else SIZES, status.update))
    console.print(table(findings, "What time costs, beside a floor"))
    console.print(*said, sep="\n", soft_wrap=True)
    return findings


async def _databases(findings: ticking.Findings, sizes: tuple[int, ...], tell: Tell) -> list[str]:
    said = []
    for database, url in each_database("clocks"):
        said += await _crowded(findings, Crowd(database, url), sizes, tell)
    return said


async def _crowded(
    findings: ticking.Findings, crowd: Crowd, sizes: tuple[int, ...], tell: Tell
) -> list[str]:
    """One database, as it fills."""
    said, ticks = [], {}
    await crowd.begin()
    for size in sizes:
        tell(f"{crowd.name}: {size:,} open cases")
        crowd.grow(size)
        ticked, loaded = await ticking.tick(crowd)
        ticks[size] = ticked
        said.append(f"{crowd.name}, {size:,} open: no object to find 100, then {loaded}")
        findings |= ticked
        if size == REPLANNED_AT:
            tell(f"{crowd.name}: {size:,} planned anew")
            findings |= await ticking.replan(crowd)
    findings |= ticking.grown(crowd.name, ticks)
    said += [_plan(crowd.name, *it) for it in query_plans.row_by_row(crowd).items()]
    crowd.close()
    return said


def _plan(database: str, question: str, steps: list[str]) -> str:
    return f"{database}, {question}: " + ("; ".join(steps) or "by index")


def table(findings: ticking.Findings, title: str) -> Table:
    made = Table(title=f"{title} (the first of each)", title_justify="left")
    made.add_column("what")
    for heading in ("each", "a second", "of the floor"):
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
