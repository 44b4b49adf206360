"""python -m tests.chaos: does anything get lost or doubled, whatever happens?"""

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
TELLS_EVERY = 10  # seconds


@click.command()
@click.option("--seed", default=None, type=int, help="The same seed, the same weather.")
@click.option("--short", is_flag=True, help="Half a minute of it, with waits a tenth as long.")
@click.option("--sqlite", "on_sqlite", is_flag=True, help="One process on SQLite.")
@click.option("--cases", default=None, type=int, help="How many people escalate.")
@click.option("--seconds", default=None, type=float, help="Over how long they act.")
@click.option("--kills", default=None, type=int)
def main(
    seed: int | None,
    short: bool,
    on_sqlite: bool,
    cases: int | None,
    seconds: float | None,
    kills: int | None,
) -> None:
    """People escalate while processes are killed and a fifth of Slack's answers go wrong."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    asked: dict[str, Any] = {"seed": seed, "cases": cases, "seconds": seconds, "kills": kills}
    asked = {name: value for name, value in asked.items() if value is not None}
    size = SHORT if short else ONE_PROCESS if on_sqlite else LONG
    plan = replace(size, **({"seed": random.randrange(10_000)} | asked))  # noqa: S311
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
    """A line that changes in a terminal; elsewhere a line every few seconds."""
    told_at = 0.0

    def tell(what: str) -> None:
        nonlocal told_at
        if time.monotonic() - told_at > TELLS_EVERY:
            told_at = time.monotonic()
            console.print(what, highlight=False)

    if not console.is_terminal:
        yield tell
        return
    with console.status("starting") as status:
        yield status.update


def show(console: Console, plan: Plan, verdict: Verdict) -> None:
    console.print(
        f"{verdict.cases} cases, {verdict.actions} actions kept, {verdict.messages} messages; "
        f"{dict(verdict.happened)}; "
        f"{verdict.healed} posted twice and healed; "
        f"all was well {verdict.seconds:.0f} s after the last deed"
    )
    for problem in verdict.problems[:SHOWN]:
        console.print(f"  {problem}", highlight=False, markup=False)
    if more := len(verdict.problems[SHOWN:]):
        console.print(f"  and {more} more")
    good = "Nothing was lost, and nothing was doubled."
    bad = f"{len(verdict.problems)} wrong. Try it again: --seed {plan.seed}"
    console.print(bad if verdict.problems else good)


if __name__ == "__main__":
    main()
