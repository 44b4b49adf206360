"""baton customers: import a CSV list after a preview, and export it."""

import asyncio
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TextIO

import click

from bot.audit import COMMAND_LINE, Decision
from bot.case.permissions import Step
from bot.customers.customer import Customer, CustomerChange
from bot.customers.customer_list import (
    COLUMNS,
    HEADER,
    CustomerList,
    NotACustomerList,
    Row,
    line_of,
)
from bot.people import WorkspaceId
from bot.team import Mistake
from bot.text import one_line, shortened
from handlers.cli.cli_error import CliError, Declined, mistake_text
from handlers.cli.session import at_work
from handlers.i18n import _, ngettext
from storage import Store, Transaction

AT_ONCE = 500  # customers per transaction
SHOWN = 50  # changes listed in the terminal
LONGEST = 40  # characters shown of a value


@dataclass
class Plan:
    """The changes that importing a list would make."""

    wanted: list[Customer] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def add(self, row: Row, known: Customer | None) -> None:
        """Plan one row. ``known`` is the stored customer, if there is one."""
        before = known or Customer(key=row.key, name=str(row.facts["name"]))
        changes = before.changed_by(row.facts)
        if known is not None and not changes:
            self.unchanged += 1
            return
        self.wanted.append(replace(before, **row.facts))  # type: ignore[arg-type]  # by field
        if known is None:
            self.new += 1
            self._list(_("new: {customer}").format(customer=before.name))
        else:
            self.changed += 1
            listed = ", ".join(map(_describe, changes))
            line = _("changed: {customer}: {changes}")
            self._list(line.format(customer=known.name, changes=listed))

    def _list(self, line: str) -> None:
        if len(self.lines) < SHOWN:
            self.lines.append(line)

    def summary(self, *, ignored: Sequence[str]) -> str:
        """Describe the changes. ``ignored`` are the columns that Baton does not know."""
        lines = list(self.lines)
        if (more := len(self.wanted) - len(lines)) > 0:
            lines.append(_("and {count} more").format(count=f"{more:,}"))
        if ignored:
            lines.append(_("ignored columns: {columns}").format(columns=", ".join(ignored)))
        counts = _("{new} new, {changed} changed, {unchanged} unchanged")
        lines.append(
            counts.format(
                new=f"{self.new:,}", changed=f"{self.changed:,}", unchanged=f"{self.unchanged:,}"
            )
        )
        return "\n".join(lines)


@click.group()
def customers() -> None:
    """Import and export customers."""


@customers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, and save nothing.")
@click.option("--skip-bad", is_flag=True, help="Import the valid lines and skip the others.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
def import_(file: Path, *, dry_run: bool, skip_bad: bool, yes: bool) -> None:
    """Import customers from FILE, a CSV.

    Shows what would change first. A file with a mistake is rejected as a whole, unless you add
    --skip-bad.
    """
    asyncio.run(_import(file, dry_run=dry_run, skip_bad=skip_bad, asks=not yes))


@customers.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Export all customers to FILE, a CSV that import reads. Recorded in the audit trail."""
    count = asyncio.run(_export(file))
    exported = ngettext(
        "Exported {count} customer to {file}.", "Exported {count} customers to {file}.", count
    )
    click.echo(exported.format(count=f"{count:,}", file=file))


async def _export(file: Path) -> int:
    """Write the file and return the number of customers.

    Raises:
        CliError: the file cannot be written.
    """
    async with at_work() as (store, _client, workspace):
        workspace_store, key, count = store.of(workspace), "", 0
        await workspace_store.run(record_export)
        try:
            # Excel needs the byte order mark to recognize UTF-8.
            with file.open("w", encoding="utf-8-sig", newline="") as opened:
                lines = csv.writer(opened)
                lines.writerow(HEADER)
                while some := await workspace_store.read(next_customers, key):
                    lines.writerows(map(line_of, some))
                    key, count = some[-1].key, count + len(some)
        except OSError as error:
            raise CliError(f"{file}: {error.strerror}") from None
        return count


def record_export(tx: Transaction) -> None:
    tx.audit.note(COMMAND_LINE, Step.EXPORT, None, Decision.DONE)


def next_customers(tx: Transaction, after: str) -> list[Customer]:
    return tx.customers.after(after, most=AT_ONCE)


async def _import(file: Path, *, dry_run: bool, skip_bad: bool, asks: bool) -> None:
    async with at_work() as (store, _client, workspace):
        # Excel writes "CSV UTF-8" with a byte order mark.
        with file.open(encoding="utf-8-sig", newline="") as lines:
            listed, plan = await _plan(store, workspace, file, lines)
        for mistake in plan.mistakes:
            click.echo(f"{file}: {mistake_text(mistake)}", err=True)
        click.echo(plan.summary(ignored=listed.left_out))
        if plan.mistakes and not skip_bad:
            raise CliError(
                _(
                    "Nothing was saved. Correct the lines above, or import the others with "
                    "--skip-bad."
                )
            )
        if dry_run:
            click.echo(_("Dry run: nothing was saved."))
        if dry_run or not plan.wanted:
            return
        if asks and sys.stdin.isatty() and not click.confirm(_("Save these changes?"), err=True):
            raise Declined
        await store.of(workspace).run(lambda tx: tx.customers.keep(plan.wanted))
        click.echo(_("Saved."))


async def _plan(
    store: Store, workspace: WorkspaceId, file: Path, lines: TextIO
) -> tuple[CustomerList, Plan]:
    """Read the file and compare it with the stored customers.

    Raises:
        CliError: the file is not a CSV list of customers.
    """
    plan = Plan()
    try:
        listed = CustomerList(lines)
        for rows in _batches(listed, plan):
            known = await store.of(workspace).read(known_customers, [row.key for row in rows])
            for row in rows:
                plan.add(row, known.get(row.key))
    except NotACustomerList as error:
        raise CliError(f"{file}: {error}") from None
    except UnicodeDecodeError:
        raise CliError(
            _("{file} is not UTF-8 text. Save it as “CSV UTF-8” and import it again.").format(
                file=file
            )
        ) from None
    return listed, plan


def _batches(listed: CustomerList, plan: Plan) -> Iterator[list[Row]]:
    """Yield the valid rows in batches, and collect the mistakes in the plan."""

    def valid() -> Iterator[Row]:
        for read in listed:
            if isinstance(read, Row):
                yield read
            else:
                plan.mistakes += read

    rows = valid()
    while batch := list(islice(rows, AT_ONCE)):
        yield batch


def known_customers(tx: Transaction, keys: Sequence[str]) -> dict[str, Customer]:
    return tx.customers.known(keys)


def _describe(change: CustomerChange) -> str:
    before, after = (
        shortened(one_line(str(it or _("none"))), LONGEST) for it in (change.before, change.after)
    )
    return f"{COLUMNS[change.field][0]} {before} → {after}"
