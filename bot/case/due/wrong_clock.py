"""Recognize what was recorded while the clock was ahead."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from bot.case.event import Event, EventKind
from bot.sla import Metric

TOLERANCE = timedelta(minutes=1)  # the clocks of several hosts differ a little


def true_times(stamped: Sequence[datetime]) -> list[datetime]:
    """Return when events happened, given their timestamps in the order of the events.

    An event cannot have happened after a later one: such a timestamp was made while the clock was
    ahead.
    """
    return list(accumulate(reversed(stamped), min))[::-1]


def stamped_ahead(history: Sequence[Event], *, at: datetime) -> list[Event]:
    """Return the events in the future that no correction has followed yet."""
    corrected = [it.number for it in history if it.kind is EventKind.CLOCK_CORRECTED]
    since = max(corrected, default=0)
    return [it for it in history[since:] if it.at > at + TOLERANCE]


def declared_overdue(ahead: Iterable[Event]) -> set[Metric]:
    """Return the clocks that events in the future declared overdue."""
    return {it for event in ahead if event.kind is EventKind.BREACHED for it in event.clocks}
