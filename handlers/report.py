"""Building a report in one short transaction per day, so that writers are not held up."""

import asyncio
from collections.abc import Callable, Sequence

from bot.people import TeamId
from bot.reports.period import Period
from bot.reports.report import PeriodData, Report, Result
from bot.team.team import Team
from storage import Transaction, WorkspaceStore


async def report_of(
    store: WorkspaceStore,
    team: Team,
    period: Period,
    *,
    on_results: Callable[[Sequence[Result]], None] = lambda results: None,
) -> Report:
    """Return the report for ``team`` and ``period``.

    ``on_results`` is called with the clocks that were due on each day, in order of their due time.
    """
    report = await store.read(start_report, team, period)
    for day in period.days():
        data = await store.read(read_day, team.id, day)
        await asyncio.to_thread(report.take, data)
        on_results(data.results)
    return report


def start_report(tx: Transaction, team: Team, period: Period) -> Report:
    return Report(team.document, period, tx.now, tx.reports.overdue(team.id, at=tx.now))


def read_day(tx: Transaction, team: TeamId, day: Period) -> PeriodData:
    since, until = day.since, day.until
    return PeriodData(
        results=tx.reports.results(team, since, until),
        ended=tx.clock_inputs.resolved_in(team, since, until),
        reopened=tx.reports.reopened(team, since, until),
    )
