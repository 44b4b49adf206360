"""A team's report as one message, and the cases behind each number."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from bot.case import Case, MissReason
from bot.messages import N_
from bot.people import TeamId
from bot.reports.period import Period
from bot.reports.report import Attainment, Report, Times, Verdict
from bot.sla import Metric
from bot.team.team import Team
from handlers.i18n import _
from handlers.slack.ids import Button
from handlers.slack.render import cases_counted, escape, span
from handlers.slack.views import labels
from handlers.slack.views.blocks import Block, Message, actions, context, option, plain, section
from handlers.slack.views.board import Links, row

NUMBERS = {
    "overdue": N_("Overdue now"),
    "reopened": N_("Reopened"),
    "resolved": N_("Resolved"),
}
FOOTNOTE = N_(
    "Each target counts on the day it was due. Times are in open time, then in wall time if "
    "different."
)


def report_message(report: Report, team: Team) -> Message:
    heading = f"*{escape(team.name)}* · {days(report.period)}"
    parts = [heading, _now(report), *map("\n".join, (_promises(report), _besides(report)))]
    blocks = [section(part) for part in parts if part]
    if report.numbers:
        blocks.append(actions(_menu(report, team)))
    footnote = _(FOOTNOTE)
    return Message("\n".join([*filter(None, parts), footnote]), [*blocks, context(footnote)])


def days(period: Period) -> str:
    """Return the period as people write it: ``2 March to 8 March 2026``."""
    first, last = period.first, period.last
    if first == last:
        return f"{last.day} {last:%B %Y}"
    year = "" if first.year == last.year else f" {first.year}"
    dates = {"first": f"{first.day} {first:%B}{year}", "last": f"{last.day} {last:%B %Y}"}
    return _("{first} to {last}").format(**dates)


def cases_view(
    heading: str, cases: Sequence[Case], of: int, links: Links, *, at: datetime
) -> Block:
    """Return the first cases behind a number; there are ``of`` in all."""
    blocks = [section(f"*{heading}*: {cases_counted(of)}")]
    blocks += [section(row(case, links(case), at=at)) for case in cases]
    if of > len(cases):
        blocks.append(
            context(
                _("{count} more: `baton report --csv` lists all of them").format(
                    count=of - len(cases)
                )
            )
        )
    return {
        "type": "modal",
        "title": plain(_("Cases of the report")),
        "close": plain(_("Close")),
        "blocks": blocks,
    }


def number_name(name: str) -> str:
    """Return the name of a number: ``claim/late`` becomes ``Claim: late``."""
    kind, _separator, which = name.partition("/")
    if kind == "missed":
        reason = _(labels.MISS_REASONS[MissReason(which)]).lower()
        return _("Late: {reason}").format(reason=reason)
    if which:
        clock = labels.metric(Metric(kind)).capitalize()
        return f"{clock}: {_(labels.VERDICTS[Verdict(which)])}"
    return _(NUMBERS[name])


def read_number(value: str, team: Team) -> tuple[Period, str]:
    """Return the period and the name of a number from the menu.

    Raises:
        ValueError: the value is not one of the menu's.
    """
    first, last, name = value.split("/", 3)[1:]
    zone = team.document.team.timezone
    return Period(date.fromisoformat(first), date.fromisoformat(last), zone), name


def team_of_number(value: str) -> TeamId:
    return TeamId(int(value.partition("/")[0]))


def _now(report: Report) -> str:
    if report.overdue:
        text = _(":rotating_light: Overdue now: {cases}")
        return text.format(cases=cases_counted(len(report.overdue)))
    return _("Nothing is overdue. :sunny:")


def _promises(report: Report) -> Iterator[str]:
    if not report.promised:
        yield _("No targets were due.")
    for metric, attainment in report.promised.items():
        yield f"*{labels.metric(metric).capitalize()}* {_kept(attainment)}{_times(attainment)}"


def _kept(attainment: Attainment) -> str:
    """Return ``92 % on time (46 of 50; 3 late, 1 still open)``."""
    late = ", ".join(
        f"{len(cases)} {_(labels.VERDICTS[verdict])}"
        for verdict, cases in attainment.cases.items()
        if cases and verdict is not Verdict.MET
    )
    text = (
        _("{share} on time ({met} of {due}; {late})")
        if late
        else _("{share} on time ({met} of {due})")
    )
    share = percent(attainment.met, attainment.due)
    return text.format(share=share, met=attainment.met, due=attainment.due, late=late)


def _times(attainment: Attainment) -> str:
    if not attainment.open_time.seconds:
        return ""
    both = dict.fromkeys(map(_spread, (attainment.open_time, attainment.wall_time)))
    return f"\n     {' · '.join(both)}"


def _spread(times: Times) -> str:
    text = _("median {median}, mean {mean}, 9 in 10 within {p90}")
    return text.format(median=span(times.median), mean=span(times.mean), p90=span(times.p90))


def _besides(report: Report) -> Iterator[str]:
    if report.resolved:
        text = _("*Resolved:* {cases}. Time spent waiting: {waited}")
        yield text.format(cases=cases_counted(len(report.resolved)), waited=waited(report))
    if report.reopened:
        yield _("*Reopened:* {cases}").format(cases=cases_counted(len(report.reopened)))
    if report.misses:
        yield _("*Why late:* {reasons}").format(reasons=why_late(report))


def waited(report: Report) -> str:
    """Return ``for us 62 % (3 h · 20 h), for the customer 38 % (2 h · 9 h)``."""
    total = sum(lasted.open_time.total_seconds() for lasted in report.waited.values())
    shares = [
        _("for {party} {share} ({open} · {wall})").format(
            party=_(labels.WAITED_ON[on]),
            share=percent(lasted.open_time.total_seconds(), total),
            open=span(lasted.open_time),
            wall=span(lasted.wall_time),
        )
        for on, lasted in report.waited.items()
        if lasted.wall_time
    ]
    return ", ".join(shares) or _("none")


def why_late(report: Report) -> str:
    by_count = sorted(report.misses.items(), key=lambda it: -len(it[1]))
    return ", ".join(
        f"{_(labels.MISS_REASONS[reason]).lower()} ({len(cases)})" for reason, cases in by_count
    )


def percent(part: float, whole: float) -> str:
    """Return a share, rounded down: 100 % means all."""
    return f"{int(100 * part / whole)} %" if whole else "0 %"


def _menu(report: Report, team: Team) -> Block:
    period = report.period
    choices = [
        option(
            f"{team.id}/{period.first}/{period.last}/{name}",
            f"{number_name(name)} ({len(cases)})",
        )
        for name, cases in report.numbers.items()
    ]
    return {
        "type": "static_select",
        "action_id": Button.REPORT,
        "placeholder": plain(_("Show the cases behind…")),
        "options": choices,
    }
