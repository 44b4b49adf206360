"""What a document would do, as an operator reads it in a terminal."""

from collections.abc import Iterator
from datetime import datetime

from bot.business_time import time_zone
from bot.business_time.periods import MONTH_NAMES, WEEKDAY_NAMES
from bot.people import reference
from bot.reports.preview import REPLAYED, DocumentPreview, Move
from bot.sla import Reading
from bot.text import one_line, shortened
from handlers.cli.columns import columns
from handlers.slack.views.clock_text import METRIC_WORDS

LONGEST_NAME = 30


def words_of(preview: DocumentPreview) -> str:
    return "\n".join([*_fitting(preview), "", *_moves(preview), "", *_replay(preview), ""])


def _fitting(preview: DocumentPreview) -> Iterator[str]:
    """Every policy, so that one which fits no case is seen."""
    yield f"Open cases that each policy fits ({preview.fitting.total()} in all):"
    names = [policy.name for policy in preview.new.policies]
    yield from columns([(name, f"{preview.fitting[name]:,}") for name in names], right={1})


def _moves(preview: DocumentPreview) -> Iterator[str]:
    if not preview.moved:
        yield "No open case is due at another time."
        return
    late = f"; {_cases(preview.late_cases)} late at once" if preview.late_cases else ""
    yield f"Due at another time ({_cases(preview.moved_cases)}{late}):"
    zone = preview.new.team.timezone
    yield from columns([_move(move, zone) for move in preview.moves])
    if preview.untold:
        yield f"  and {preview.untold:,} more"


def _move(move: Move, zone: str) -> tuple[str, ...]:
    name = shortened(one_line(move.customer), LONGEST_NAME)
    return (
        f"{reference(move.case)} {name}",
        METRIC_WORDS[move.metric],
        f"{_due(move.before, zone)} → {_due(move.after, zone)}",
        "late at once" if move.late_at_once else "",
    )


def _due(reading: Reading | None, zone: str) -> str:
    if reading is None:
        return "no clock"
    if reading.due_at is None:
        return "never" if reading.paused_by in (None, "calendar") else "paused"
    return _when(reading.due_at, zone)


def _when(at: datetime, zone: str) -> str:
    """``Mon 2 Mar 14:00``."""
    local = at.astimezone(time_zone(zone))
    month = MONTH_NAMES[local.month - 1]
    return f"{WEEKDAY_NAMES[local.weekday()]} {local.day} {month} {local:%H:%M}"


def _replay(preview: DocumentPreview) -> Iterator[str]:
    days = f"The last {REPLAYED.days} days"
    if not preview.replayed:
        yield f"{days} had no cases to try it on."
        return
    yield f"{days} again ({_cases(preview.replayed)}), had each been in force all along:"
    old, new = preview.before, preview.after
    rows = [
        ("", "in force", "new"),
        ("promises broken", f"{old.breaches:,}", f"{new.breaches:,}"),
        ("nudges", f"{old.nudges:,}", f"{new.nudges:,}"),
        ("nudges after hours", f"{old.after_hours:,}", f"{new.after_hours:,}"),
    ]
    yield from columns(rows, right={1, 2})


def _cases(count: int) -> str:
    return f"{count:,} case" if count == 1 else f"{count:,} cases"
