"""python -m tests.chaos: check that nothing is lost or duplicated under faults."""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from tests.chaos.plan import LONG, ONE_PROCESS, SHORT, Plan
from tests.chaos.storm import ALL_PARTS, WEB_PARTS, Storm, Verdict, postgresql, sqlite

SHOWN = 20
PRINT_EVERY = 10  # seconds


@click.command()
@click.option("--seed", default=None, type=int, help="Repeat the faults of an earlier run.")
@click.option("--short", is_flag=True, help="Run half a minute, with a tenth of the waits.")
@click.option("--sqlite", "on_sqlite", is_flag=True, help="Use one process on SQLite.")
@click.option("--cases", default=None, type=int, help="Number of cases to report.")
@click.option("--seconds", default=None, type=float, help="Duration of the faults.")
@click.option("--kills", default=None, type=int, help="Number of processes to kill.")
def main(
    seed: int | None,
    short: bool,
    on_sqlite: bool,
    cases: int | None,
    seconds: float | None,
    kills: int | None,
) -> None:
    """Handle cases while processes are killed and a fifth of Slack's responses fail."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    given: dict[str, Any] = {"seed": seed, "cases": cases, "seconds": seconds, "kills": kills}
    given = {name: value for name, value in given.items() if value is not None}
    size = SHORT if short else ONE_PROCESS if on_sqlite else LONG
    plan = replace(size, **({"seed": random.randrange(10_000)} | given))  # noqa: S311
    console.print(f"seed {plan.seed}: {plan}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-chaos-")))
        database = sqlite(folder) if on_sqlite else stack.enter_context(postgresql())
        tell = stack.enter_context(progress(console))
        storm = Storm(plan, database, folder, tell)
        verdict = asyncio.run(storm.run(ALL_PARTS if on_sqlite else WEB_PARTS))
    show(console, plan, verdict)
    if verdict.problems:
        sys.exit(1)


@contextmanager
def progress(console: Console) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows progress: a status line or, without a terminal, some lines."""
    printed_at = 0.0

    def tell(what: str) -> None:
        nonlocal printed_at
        if time.monotonic() - printed_at > PRINT_EVERY:
            printed_at = time.monotonic()
            console.print(what, highlight=False)

    if not console.is_terminal:
        yield tell
        return
    with console.status("starting") as status:
        yield status.update


def show(console: Console, plan: Plan, verdict: Verdict) -> None:
    console.print(
        f"{verdict.cases} cases, {verdict.actions} actions acknowledged, "
        f"{verdict.messages} messages; {dict(verdict.happened)}; "
        f"{verdict.duplicates_deleted} duplicates posted and deleted; "
        f"recovered {verdict.seconds:.0f} s after the last action"
    )
    for problem in verdict.problems[:SHOWN]:
        console.print(f"  {problem}", highlight=False, markup=False)
    if more := len(verdict.problems[SHOWN:]):
        console.print(f"  and {more} more")
    good = "Nothing was lost or duplicated."
    bad = f"{len(verdict.problems)} problems. To repeat the run: --seed {plan.seed}"
    console.print(bad if verdict.problems else good)


if __name__ == "__main__":
    main()
