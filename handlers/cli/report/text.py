"""A report as text for the terminal."""

from collections.abc import Iterator

from bot.messages import N_
from bot.reports.report import Attainment, Report, Times, Verdict
from bot.team.team import Team
from handlers.cli.columns import columns
from handlers.i18n import _
from handlers.slack.render import span
from handlers.slack.views import labels
from handlers.slack.views.lookup.report import days, percent, waited, why_late

HEADINGS = (
    *("", N_("due"), N_("on time"), "", N_("late"), N_("still open")),
    *(N_("median"), N_("mean"), N_("9 in 10"), N_("median"), N_("mean"), N_("9 in 10")),
)


def text_of(report: Report, team: Team) -> str:
    return "\n".join([f"{team.name}, {days(report.period)}", "", *_clocks(report), *_rest(report)])


def _clocks(report: Report) -> Iterator[str]:
    if not report.promised:
        yield _("No clock was due in this period.")
        return
    rows = [_row(labels.metric(metric), it) for metric, it in report.promised.items()]
    # gettext returns the catalog header for an empty message.
    headings = tuple(_(it) if it else "" for it in HEADINGS)
    yield from columns([headings, *rows], right=set(range(1, len(HEADINGS))))
    yield "  " + _("The first three times are in open time, the last three in wall time.")


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
    yield _("Overdue now: {count}").format(count=f"{len(report.overdue):,}")
    resolved = _("Resolved: {count}; waited {shares}")
    yield resolved.format(count=f"{len(report.resolved):,}", shares=waited(report))
    yield _("Reopened: {count}").format(count=f"{len(report.reopened):,}")
    if report.misses:
        yield _("Why late: {reasons}").format(reasons=why_late(report))
