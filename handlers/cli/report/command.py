"""baton report: how a team's promises were kept, in a terminal and as a table."""

import asyncio
from datetime import datetime
from pathlib import Path

import click

from bot.reports.period import DAY, Period
from bot.team.team import Team
from handlers.cli.cli_error import CliError
from handlers.cli.report.csv_table import table
from handlers.cli.report.text import words_of
from handlers.cli.session import at_work, team_named
from handlers.report import report_of
from storage import Transaction

DATE = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(dir_okay=False, path_type=Path)
FIRST_YEAR, LAST_YEAR = 2000, 2089


@click.command()
@click.option("--team", "name", metavar="NAME", help="Which team, if there are several.")
@click.option("--from", "first", type=DATE, help="The first day. By default, this Monday.")
@click.option("--to", "last", type=DATE, help="The last day. By default, six days after the first.")
@click.option("--csv", "file", type=FILE, help="Write a row for each promise that was due, too.")
def report(
    name: str | None, first: datetime | None, last: datetime | None, file: Path | None
) -> None:
    """How the promises that were due in a time were kept: this week, unless it says otherwise."""
    click.echo(asyncio.run(_report(name, first, last, file)))


async def _report(
    name: str | None, first: datetime | None, last: datetime | None, file: Path | None
) -> str:
    async with at_work() as (store, _, workspace):
        ours = store.of(workspace)
        team, this_week = await ours.read(team_and_week, name)
        period = _period(this_week, first, last)
        with table(file) as hear:
            return words_of(await report_of(ours, team, period, hear=hear), team)


def team_and_week(tx: Transaction, name: str | None) -> tuple[Team, Period]:
    team = team_named(tx, name)
    return team, Period.week(tx.now, team.document.team.timezone)


def _period(week: Period, first: datetime | None, last: datetime | None) -> Period:
    begins = first.date() if first else week.first
    for day in (begins, last.date() if last else begins):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise CliError(f"{day} is too far away. Choose days from {FIRST_YEAR} to {LAST_YEAR}.")
    ends = last.date() if last else begins + 6 * DAY
    if ends < begins:
        raise CliError(f"{ends} is before {begins}. Write the first day with --from.")
    return Period(begins, ends, week.zone)
