"""A report as an operator reads it in a terminal."""

from collections.abc import Iterator

from bot.reports.report import Attainment, Report, Times, Verdict
from bot.team.team import Team
from handlers.cli.columns import columns
from handlers.slack.render import span
from handlers.slack.views.clock_text import METRIC_WORDS
from handlers.slack.views.report import days, percent, waited, why_late

HEADINGS = (
    *("", "due", "in time", "", "late", "still open"),
    *("median", "mean", "9 in 10", "median", "mean", "9 in 10"),
)


def words_of(report: Report, team: Team) -> str:
    return "\n".join([f"{team.name}, {days(report.period)}", "", *_clocks(report), *_rest(report)])


def _clocks(report: Report) -> Iterator[str]:
    if not report.promised:
        yield "No promise was due."
        return
    rows = [_row(METRIC_WORDS[metric], it) for metric, it in report.promised.items()]
    yield from columns([HEADINGS, *rows], right=set(range(1, len(HEADINGS))))
    yield "  The first three times are open time, the others wall time."


def _row(name: str, attainment: Attainment) -> tuple[str, ...]:
    late, still_open = (len(attainment.cases[it]) for it in (Verdict.LATE, Verdict.OVERDUE))
    counts = (attainment.due, attainment.met, late, still_open)
    due, met, *others = (f"{count:,}" for count in counts)
    share = percent(attainment.met, attainment.due)
    return name, due, met, share, *others, *_times(attainment.open_time, attainment.wall_time)


def _times(*kinds: Times) -> Iterator[str]:
    for times in kinds:
        for length in (times.median, times.mean, times.p90):
            yield span(length) if times.seconds else "-"


def _rest(report: Report) -> Iterator[str]:
    yield ""
    yield f"Overdue now: {len(report.overdue):,}"
    yield f"Resolved: {len(report.resolved):,}, which waited {waited(report)}"
    yield f"Reopened: {len(report.reopened):,}"
    if report.misses:
        yield f"Why late: {why_late(report)}"
