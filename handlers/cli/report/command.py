"""baton report: how a team met its due times, in the terminal and as CSV."""

import asyncio
from datetime import datetime
from pathlib import Path

import click

from bot.reports.period import DAY, Period
from bot.team.team import Team
from handlers.cli.cli_error import CliError
from handlers.cli.report.csv_table import csv_writer
from handlers.cli.report.text import text_of
from handlers.cli.session import at_work, team_named
from handlers.i18n import _
from handlers.report import report_of
from storage import Transaction

DATE = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(dir_okay=False, path_type=Path)
FIRST_YEAR, LAST_YEAR = 2000, 2089


@click.command()
@click.option("--team", "name", metavar="NAME", help="The team. Needed only if there are several.")
@click.option("--from", "first", type=DATE, help="The first day. By default, this Monday.")
@click.option("--to", "last", type=DATE, help="The last day. By default, six days after the first.")
@click.option(
    "--csv", "file", type=FILE, help="Also write a CSV with a row per clock that was due."
)
def report(
    name: str | None, first: datetime | None, last: datetime | None, file: Path | None
) -> None:
    """Show how many clocks were met or missed. Covers this week, unless you give dates."""
    click.echo(asyncio.run(_report(name, first, last, file)))


async def _report(
    name: str | None, first: datetime | None, last: datetime | None, file: Path | None
) -> str:
    async with at_work() as (store, _client, workspace):
        workspace_store = store.of(workspace)
        team, this_week = await workspace_store.read(team_and_week, name)
        period = _period(this_week, first, last)
        with csv_writer(file) as write:
            return text_of(await report_of(workspace_store, team, period, on_results=write), team)


def team_and_week(tx: Transaction, name: str | None) -> tuple[Team, Period]:
    team = team_named(tx, name)
    return team, Period.week(tx.now, team.document.team.timezone)


def _period(week: Period, first: datetime | None, last: datetime | None) -> Period:
    begins = first.date() if first else week.first
    for day in (begins, last.date() if last else begins):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise CliError(
                _("{day} is too far away. Choose days from {first} to {last}.").format(
                    day=day, first=FIRST_YEAR, last=LAST_YEAR
                )
            )
    ends = last.date() if last else begins + 6 * DAY
    if ends < begins:
        raise CliError(
            _("{last} is before {first}. Give the first day with --from.").format(
                last=ends, first=begins
            )
        )
    return Period(begins, ends, week.zone)
