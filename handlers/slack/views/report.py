"""A team's report as one message, and the cases behind each of its numbers."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from bot.case import Case, MissReason
from bot.people import TeamId
from bot.reports.period import Period
from bot.reports.report import Attainment, Report, Times, Verdict
from bot.sla import WAITED_ON, Metric, WaitsOn
from bot.team import Waiting
from bot.team.team import Team
from handlers.slack.ids import Button
from handlers.slack.render import escape, plural, span
from handlers.slack.views.blocks import Block, Message, actions, context, option, plain, section
from handlers.slack.views.board import Links, row
from handlers.slack.views.clock_text import METRIC_WORDS
from handlers.slack.views.forms.case_forms import MISS_WORDS

VERDICT_WORDS = {
    Verdict.MET: "in time",
    Verdict.LATE: "late",
    Verdict.OVERDUE: "still open",
}
WAIT_WORDS = {
    WaitsOn.US: "us",
    WaitsOn.CUSTOMER: WAITED_ON[Waiting.CUSTOMER],
    WaitsOn.THIRD_PARTY: WAITED_ON[Waiting.THIRD_PARTY],
}
NUMBER_WORDS = {"overdue": "Overdue now", "reopened": "Reopened", "resolved": "Resolved"}
FOOTNOTE = (
    "By the day on which each promise was due. Times are open time, then wall time if it differs."
)


def report_message(report: Report, team: Team) -> Message:
    heading = f"*{escape(team.name)}* · {days(report.period)}"
    parts = [heading, _now(report), *map("\n".join, (_promises(report), _besides(report)))]
    blocks = [section(part) for part in parts if part]
    if report.numbers:
        blocks.append(actions(_menu(report, team)))
    return Message("\n".join([*filter(None, parts), FOOTNOTE]), [*blocks, context(FOOTNOTE)])


def days(period: Period) -> str:
    """``2 March to 8 March 2026``."""
    first, last = period.first, period.last
    if first == last:
        return f"{last.day} {last:%B %Y}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day} {first:%B}{year} to {last.day} {last:%B %Y}"


def cases_view(
    heading: str, cases: Sequence[Case], of: int, links: Links, *, at: datetime
) -> Block:
    """The first cases behind a number; there are ``of`` in all."""
    blocks = [section(f"*{heading}*: {plural(of, 'case')}")]
    blocks += [section(row(case, links(case), at=at)) for case in cases]
    if of > len(cases):
        blocks.append(context(f"And {of - len(cases)} more: `baton report --csv` has them all."))
    return {
        "type": "modal",
        "title": plain("Cases of the report"),
        "close": plain("Close"),
        "blocks": blocks,
    }


def number_words(name: str) -> str:
    """``claim/late`` as people say it."""
    kind, _, which = name.partition("/")
    if kind == "missed":
        return f"Late: {MISS_WORDS[MissReason(which)].lower()}"
    if which:
        return f"{METRIC_WORDS[Metric(kind)].capitalize()}: {VERDICT_WORDS[Verdict(which)]}"
    return NUMBER_WORDS[name]


def read_number(value: str, team: Team) -> tuple[Period, str]:
    """The period and the name of a number, from the menu.

    Raises:
        ValueError: it was not made here.
    """
    first, last, name = value.split("/", 3)[1:]
    zone = team.document.team.timezone
    return Period(date.fromisoformat(first), date.fromisoformat(last), zone), name


def team_of_number(value: str) -> TeamId:
    return TeamId(int(value.partition("/")[0]))


def _now(report: Report) -> str:
    if report.overdue:
        return f":rotating_light: Overdue now: {plural(len(report.overdue), 'case')}"
    return "Nothing is overdue now. :sunny:"


def _promises(report: Report) -> Iterator[str]:
    if not report.promised:
        yield "No promise was due."
    for metric, attainment in report.promised.items():
        yield f"*{METRIC_WORDS[metric].capitalize()}* {_kept(attainment)}{_times(attainment)}"


def _kept(attainment: Attainment) -> str:
    """``92 % in time (46 of 50; 3 late, 1 still open)``."""
    amiss = ", ".join(
        f"{len(cases)} {VERDICT_WORDS[verdict]}"
        for verdict, cases in attainment.cases.items()
        if cases and verdict is not Verdict.MET
    )
    counted = f"{attainment.met} of {attainment.due}{'; ' if amiss else ''}{amiss}"
    return f"{percent(attainment.met, attainment.due)} in time ({counted})"


def _times(attainment: Attainment) -> str:
    if not attainment.open_time.seconds:
        return ""
    both = dict.fromkeys(map(_spread, (attainment.open_time, attainment.wall_time)))
    return f"\n     {' · '.join(both)}"


def _spread(times: Times) -> str:
    return f"median {span(times.median)}, mean {span(times.mean)}, 9 in 10 within {span(times.p90)}"


def _besides(report: Report) -> Iterator[str]:
    if report.resolved:
        yield f"*Resolved:* {plural(len(report.resolved), 'case')}. They waited {waited(report)}."
    if report.reopened:
        yield f"*Reopened:* {plural(len(report.reopened), 'time')}"
    if report.misses:
        yield f"*Why late:* {why_late(report)}"


def waited(report: Report) -> str:
    """``on us 62 %, on the customer 38 %``, of open time."""
    total = sum(lasted.open_time.total_seconds() for lasted in report.waited.values())
    shares = [
        f"on {WAIT_WORDS[on]} {percent(lasted.open_time.total_seconds(), total)}"
        f" ({span(lasted.open_time)} · {span(lasted.wall_time)})"
        for on, lasted in report.waited.items()
        if lasted.wall_time
    ]
    return ", ".join(shares) or "on nobody"


def why_late(report: Report) -> str:
    by_count = sorted(report.misses.items(), key=lambda it: -len(it[1]))
    return ", ".join(f"{MISS_WORDS[reason].lower()} {len(cases)}" for reason, cases in by_count)


def percent(part: float, whole: float) -> str:
    """Never 100 % of what was not whole: it is rounded down."""
    return f"{int(100 * part / whole)} %" if whole else "0 %"


def _menu(report: Report, team: Team) -> Block:
    period = report.period
    choices = [
        option(
            f"{team.id}/{period.first}/{period.last}/{name}",
            f"{number_words(name)} ({len(cases)})",
        )
        for name, cases in report.numbers.items()
    ]
    return {
        "type": "static_select",
        "action_id": Button.REPORT,
        "placeholder": plain("Show the cases of…"),
        "options": choices,
    }
