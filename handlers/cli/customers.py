"""baton customers: a list of them as CSV, shown as a change before it is kept; and written."""

import asyncio
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TextIO

import click

from bot.audit import Decision
from bot.case.permissions import Step
from bot.customers.customer import Customer, CustomerChange
from bot.customers.customer_list import COLUMNS, HEADER, CustomerList, NoList, Row, line_of
from bot.people import WorkspaceId
from bot.team import Mistake
from bot.text import one_line, shortened
from handlers.cli.cli_error import CliError, Declined
from handlers.cli.session import at_work
from storage import Store, Transaction

AT_ONCE = 500  # lines looked up
SHOWN = 50  # of a kind; nobody reads more in a terminal
LONGEST = 40  # characters of a fact


@dataclass
class Plan:
    """What a list would do."""

    wanted: list[Customer] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def take(self, row: Row, known: Customer | None) -> None:
        before = known or Customer(key=row.key, name=str(row.facts["name"]))
        changes = before.changed_by(row.facts)
        if known is not None and not changes:
            self.unchanged += 1
            return
        self.wanted.append(replace(before, **row.facts))  # type: ignore[arg-type]  # by field
        if known is None:
            self.new += 1
            self._tell(f"new: {before.name}")
        else:
            self.changed += 1
            self._tell(f"changed: {known.name}: {', '.join(map(_words, changes))}")

    def _tell(self, line: str) -> None:
        if len(self.lines) < SHOWN:
            self.lines.append(line)

    def words(self, *, left_out: Sequence[str]) -> str:
        lines = list(self.lines)
        if (more := len(self.wanted) - len(lines)) > 0:
            lines.append(f"and {more:,} more")
        if left_out:
            lines.append(f"left out, for Baton knows no such columns: {', '.join(left_out)}")
        lines.append(f"{self.new:,} new, {self.changed:,} changed, {self.unchanged:,} unchanged")
        return "\n".join(lines)


@click.group()
def customers() -> None:
    """Customers: their tier, value and renewal, and what to know before calling."""


@customers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, and keep nothing.")
@click.option("--skip-bad", is_flag=True, help="Keep the good lines, though others are wrong.")
@click.option("--yes", is_flag=True, help="Do not ask, even in a terminal.")
def import_(file: Path, *, dry_run: bool, skip_bad: bool, yes: bool) -> None:
    """Bring in the customers of FILE, a CSV, and show first what that changes.

    A line with a mistake keeps the whole file out, unless you say --skip-bad.
    """
    asyncio.run(_import(file, dry_run=dry_run, skip_bad=skip_bad, asks=not yes))


@customers.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write all customers into FILE, a CSV that import takes back. It is put on record."""
    count = asyncio.run(_export(file))
    click.echo(f"{file} has {count:,} {'customer' if count == 1 else 'customers'}.")


async def _export(file: Path) -> int:
    """How many there were; raises Told: the file cannot be written."""
    async with at_work() as (store, _, workspace):
        ours, key, count = store.of(workspace), "", 0
        await ours.run(put_export_on_record)
        try:
            with file.open("w", encoding="utf-8-sig", newline="") as opened:
                lines = csv.writer(opened)
                lines.writerow(HEADER)
                while some := await ours.read(next_customers, key):
                    lines.writerows(map(line_of, some))
                    key, count = some[-1].key, count + len(some)
        except OSError as error:
            raise CliError(f"{file}: {error.strerror}") from None
        return count


def put_export_on_record(tx: Transaction) -> None:
    tx.audit.note("the command line", Step.EXPORT, None, Decision.DONE)


def next_customers(tx: Transaction, after: str) -> list[Customer]:
    return tx.customers.after(after, most=AT_ONCE)


async def _import(file: Path, *, dry_run: bool, skip_bad: bool, asks: bool) -> None:
    async with at_work() as (store, _, workspace):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            listed, plan = await _plan(store, workspace, file, lines)
        for mistake in plan.mistakes:
            click.echo(f"{file}: {mistake}", err=True)
        click.echo(plan.words(left_out=listed.left_out))
        if plan.mistakes and not skip_bad:
            raise CliError(
                "Nothing was kept. Mend these lines, or keep the others with --skip-bad."
            )
        if dry_run:
            click.echo("Nothing was kept: that was to look only.")
        if dry_run or not plan.wanted:
            return
        if asks and sys.stdin.isatty() and not click.confirm("Keep this?", err=True):
            raise Declined
        await store.of(workspace).run(keep_customers, plan.wanted)
        click.echo("Kept.")


async def _plan(
    store: Store, workspace: WorkspaceId, file: Path, lines: TextIO
) -> tuple[CustomerList, Plan]:
    """Raises Told: the file cannot be read as a list."""
    plan = Plan()
    try:
        listed = CustomerList(lines)
        for rows in _batches(listed, plan):
            known = await store.of(workspace).read(known_customers, [row.key for row in rows])
            for row in rows:
                plan.take(row, known.get(row.key))
    except NoList as error:
        raise CliError(f"{file}: {error}") from None
    except UnicodeDecodeError:
        raise CliError(f"{file} is not UTF-8 text; save it as “CSV UTF-8”.") from None
    return listed, plan


def _batches(listed: CustomerList, plan: Plan) -> Iterator[list[Row]]:
    """The rows, some hundreds at a time; what is wrong goes to the plan's mistakes."""

    def good() -> Iterator[Row]:
        for read in listed:
            if isinstance(read, Row):
                yield read
            else:
                plan.mistakes += read

    rows = good()
    while batch := list(islice(rows, AT_ONCE)):
        yield batch


def known_customers(tx: Transaction, keys: Sequence[str]) -> dict[str, Customer]:
    return tx.customers.known(keys)


def keep_customers(tx: Transaction, wanted: Sequence[Customer]) -> None:
    tx.customers.keep(wanted)


def _words(change: CustomerChange) -> str:
    before, after = (
        shortened(one_line(str(it or "none")), LONGEST) for it in (change.before, change.after)
    )
    return f"{COLUMNS[change.field][0]} {before} → {after}"
