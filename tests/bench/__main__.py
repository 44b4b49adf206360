"""python -m tests.bench: compare Baton with a bare ack, over real HTTP on this machine."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console

from tests.bench import board, find, micro, report
from tests.bench.databases import Count, count, postgresql, sqlite
from tests.bench.processes import Server, ports, started
from tests.bench.requests.load import Load, precise_loop
from tests.bench.requests.plan import Measure, measures, run
from tests.bench.requests.requests import PEOPLE, command, submission
from tests.bench.sending import delivered, outage
from tests.bench.time import clocks

OPEN_CASES = 20
SENT_AGAIN = 50

ALONE = {
    board.NAME: board.show,
    find.NAME: find.show,
    delivered.NAME: delivered.show,
    outage.NAME: outage.show,
}
"""Benchmarks that run only if ``--only`` names them."""

FULL_SPEED = 0
HARD = 500
LEFT_OUT = (
    f"Skipped: {HARD} forms a second on PostgreSQL. Two cores cannot store that many: some wait "
    "longer than two seconds, are refused, and count as errors. Use --hard to send them."
)


@click.command()
@click.option(
    "--quick", is_flag=True, help="One round of two seconds each, to check that it works."
)
@click.option("--rounds", default=3, show_default=True)
@click.option("--seconds", default=3.0, show_default=True, help="Duration of each measurement.")
@click.option(
    "--json", "file", type=click.Path(path_type=Path), help="Save the results to this file."
)
@click.option("--only", default="", help="Measure the floor, and what has this in its name.")
@click.option("--hard", is_flag=True, help=f"Also {HARD} forms a second on PostgreSQL.")
def main(
    quick: bool, rounds: int, seconds: float, file: Path | None, only: str, hard: bool
) -> None:
    """Run the benchmarks. Each server runs in its own process."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    facts = report.machine()
    rounds, seconds = (1, 2.0) if quick else (rounds, seconds)
    if only in ALONE:
        ALONE[only](console, quick=quick)
        return
    if clocks.show(console, only, quick=quick) and only:
        return
    with ExitStack() as stack, console.status("") as status:
        status.update("starting the servers")
        bench = Bench(stack, only, hard=hard)
        with asyncio.Runner(loop_factory=precise_loop) as runner:
            runner.run(bench.run(rounds, seconds, tell=status.update))
        counts = bench.counts()
        status.update("adding open time and rendering cards")
        small = micro.measure()
    found = report.findings(bench.plan)
    console.print(report.table(found, facts))
    for name, counted in counts.items():
        console.print(report.stored(name, counted))
    console.print(*(f"{name}: {value:,.0f} a second" for name, value in small.items()), sep="\n")
    if not hard:
        console.print(LEFT_OUT)
    if file is not None:
        results = report.as_json(found, facts, counts, small)
        file.write_text(json.dumps(results, indent=2) + "\n")
    if not all(it.well for it in counts.values()) or any(it.errors for it in found):
        sys.exit("Some requests were lost, duplicated or refused: see above.")


class Bench:
    """The running servers, the plan of measurements, and the databases to check at the end."""

    def __init__(self, stack: ExitStack, only: str, *, hard: bool) -> None:
        self._stack, self._only = stack, only
        self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        self._slack = stack.enter_context(started("slack"))
        self._databases: dict[str, tuple[str, list[Load]]] = {}
        self.plan: list[Measure] = []
        self._plan_floor()
        self._plan_commands()
        self._plan_form("form, SQLite", self._sqlite, (FULL_SPEED, 100))
        self._plan_form("form, SQLite, with jobs", self._sqlite, (100,), part="ALL")
        rates = (FULL_SPEED, 100, HARD) if hard else (FULL_SPEED, 100)
        self._plan_form("form, PostgreSQL", self._postgresql, rates)
        self._plan_form("form, PostgreSQL, two processes", self._postgresql, (FULL_SPEED, 100), 2)

    async def run(self, rounds: int, seconds: float, *, tell: Callable[[str], None]) -> None:
        for name, (_, loads) in self._databases.items():
            await loads[0].fill(OPEN_CASES if name == "commands" else len(PEOPLE))
        await run(self.plan, rounds, seconds, tell=tell)
        for _, loads in self._databases.values():
            await loads[0].again(SENT_AGAIN)

    def counts(self) -> dict[str, Count]:
        return {
            name: count(url, [number for load in loads for number in load.accepted])
            for name, (url, loads) in self._databases.items()
        }

    def _plan_floor(self) -> None:
        servers = [self._stack.enter_context(started("floor"))]
        load = Load(ports(servers), command("/baton help").numbered, b"")
        self.plan += measures("floor: a bare ack", servers, load, (FULL_SPEED, 100))

    def _plan_commands(self) -> None:
        typed = {"/baton help": b'{"text"', "/baton board": b'{"text"', "/escalate": b""}
        typed = {name: good for name, good in typed.items() if self._only in name}
        if not typed:
            return
        url = self._sqlite("commands")
        servers = [self._baton(url)]
        self._databases["commands"] = url, [_submissions(servers)]
        for name, good in typed.items():
            load = Load(ports(servers), command(name).numbered, good)
            self.plan += measures(name, servers, load, (FULL_SPEED, 100))

    def _plan_form(
        self,
        name: str,
        database: Callable[[str], str],
        rates: tuple[int, ...],
        processes: int = 1,
        part: str = "WEB",
    ) -> None:
        if self._only not in name:
            return
        url = database(f"form-{len(self._databases)}")
        servers = [self._baton(url, part) for _ in range(processes)]
        load = _submissions(servers)
        self._databases[name] = url, [load]
        self.plan += measures(name, servers, load, rates)

    def _baton(self, url: str, part: str = "WEB") -> Server:
        return self._stack.enter_context(started("baton", url, *self._api, part))

    @property
    def _api(self) -> tuple[str, str]:
        return self._slack.printed["api_url"], self._slack.printed["token"]

    def _sqlite(self, name: str) -> str:
        return sqlite(self._folder, name)

    def _postgresql(self, name: str) -> str:
        return self._stack.enter_context(postgresql(self._folder / name))


def _submissions(servers: Sequence[Server]) -> Load:
    """Return a load of submissions. All servers accept a form that one of them has signed."""
    return Load(ports(servers), submission(servers[0].printed["sealed"]).numbered, b"")


if __name__ == "__main__":
    main()
