"""Format the preview of a document for the terminal."""

from collections.abc import Iterator
from datetime import datetime

from bot.business_time import time_zone
from bot.business_time.periods import MONTH_NAMES, WEEKDAY_NAMES
from bot.people import reference
from bot.reports.preview import REPLAYED, DocumentPreview, Move
from bot.sla import Reading
from bot.text import one_line, shortened
from handlers.cli.columns import columns
from handlers.i18n import _, ngettext
from handlers.slack.views import labels

LONGEST_NAME = 30


def words_of(preview: DocumentPreview) -> str:
    return "\n".join([*_fitting(preview), "", *_moves(preview), "", *_replay(preview), ""])


def _fitting(preview: DocumentPreview) -> Iterator[str]:
    """Count the open cases of every policy, including policies that fit no case."""
    yield _("Open cases by policy ({count} in total):").format(count=f"{preview.fitting.total():,}")
    names = [policy.name for policy in preview.new.policies]
    yield from columns([(name, f"{preview.fitting[name]:,}") for name in names], right={1})


def _moves(preview: DocumentPreview) -> Iterator[str]:
    if not preview.moved:
        yield _("No due time of an open case would change.")
        return
    yield _moves_heading(preview)
    zone = preview.new.team.timezone
    yield from columns([_move(move, zone) for move in preview.moves])
    if preview.not_shown:
        yield _("  and {count} more").format(count=f"{preview.not_shown:,}")


def _moves_heading(preview: DocumentPreview) -> str:
    cases = preview.moved_cases
    if not preview.late_cases:
        heading = ngettext(
            "Due times that would change ({cases} case):",
            "Due times that would change ({cases} cases):",
            cases,
        )
        return heading.format(cases=f"{cases:,}")
    heading = ngettext(
        "Due times that would change ({cases} case, {late} overdue immediately):",
        "Due times that would change ({cases} cases, {late} overdue immediately):",
        cases,
    )
    return heading.format(cases=f"{cases:,}", late=f"{preview.late_cases:,}")


def _move(move: Move, zone: str) -> tuple[str, ...]:
    name = shortened(one_line(move.customer), LONGEST_NAME)
    return (
        f"{reference(move.case)} {name}",
        labels.metric(move.metric),
        f"{_due(move.before, zone)} → {_due(move.after, zone)}",
        _("overdue immediately") if move.late_at_once else "",
    )


def _due(reading: Reading | None, zone: str) -> str:
    if reading is None:
        return _("no clock")
    if reading.due_at is None:
        return _("never") if reading.paused_by in (None, "calendar") else _("paused")
    return _when(reading.due_at, zone)


def _when(at: datetime, zone: str) -> str:
    """Format a local time like ``Mon 2 Mar 14:00``."""
    local = at.astimezone(time_zone(zone))
    month = MONTH_NAMES[local.month - 1]
    return f"{WEEKDAY_NAMES[local.weekday()]} {local.day} {month} {local:%H:%M}"


def _replay(preview: DocumentPreview) -> Iterator[str]:
    days = REPLAYED.days
    if not preview.replayed:
        yield _("No cases in the last {days} days to replay.").format(days=days)
        return
    heading = ngettext(
        "The last {days} days replayed under each document ({cases} case):",
        "The last {days} days replayed under each document ({cases} cases):",
        preview.replayed,
    )
    yield heading.format(days=days, cases=f"{preview.replayed:,}")
    old, new = preview.before, preview.after
    rows = [
        ("", _("current"), _("new")),
        (_("breaches"), f"{old.breaches:,}", f"{new.breaches:,}"),
        (_("reminders"), f"{old.nudges:,}", f"{new.nudges:,}"),
        (_("reminders after hours"), f"{old.after_hours:,}", f"{new.after_hours:,}"),
    ]
    yield from columns(rows, right={1, 2})
