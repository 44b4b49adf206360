"""How a clock came to stand as it does, in words that a manager would use."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from bot.business_time import Calendar, time_zone
from bot.business_time.periods import MONTH_NAMES, WEEKDAY_NAMES
from bot.sla.metric import Metric
from bot.sla.timeline import PriorityChange, Span, Timeline
from bot.team import OnPriorityChange, Waiting

MOST_PIECES = 9  # openings and closings told one by one; a longer turn is told in one line
A_WEEK = timedelta(days=6)  # after that, a weekday alone would mislead

ENDED = {
    Metric.CLAIM: "claimed",
    Metric.FIRST_RESPONSE: "answered",
    Metric.NEXT_RESPONSE: "answered",
    Metric.UPDATE: "updated",
    Metric.RESOLUTION: "resolved",
    Metric.TOTAL_RESOLUTION: "resolved",
    Metric.OWNERSHIP: "passed on or resolved",
}
WAITED_ON = {Waiting.CUSTOMER: "the customer", Waiting.THIRD_PARTY: "a third party"}


def explanation(timeline: Timeline, now: datetime) -> list[str]:
    return list(_Explanation(timeline, now).lines())


def lasted(length: timedelta) -> str:
    """``2 h 10 min``; seconds only below an hour."""
    minutes, seconds = divmod(length // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else seconds, "s")]
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 min"


class _Explanation:
    def __init__(self, timeline: Timeline, now: datetime) -> None:
        self._timeline, self._now = timeline, now
        self._calendar: Calendar = timeline.policy.calendar
        self._zone = time_zone(self._calendar.zone)
        self._stands_at = timeline.ended_at or now
        self._due_at = timeline.due_at if timeline.held_by is None else None
        self._until = max(self._stands_at, self._due_at or self._stands_at)

    def lines(self) -> Iterator[str]:
        timeline = self._timeline
        begun = f"{timeline.begun} {self._date(timeline.started_at)} in {self._calendar.zone}"
        yield f"{begun}: {_target(timeline.first_target)}" if not self._anew else begun
        changes = [change for change in timeline.changes if change.at >= timeline.started_at]
        for span in timeline.spans():
            here, end = span.start, span.end or self._until
            while changes and changes[0].at < end:
                yield from self._piece(span._replace(start=here, end=changes[0].at))
                here = changes[0].at
                yield self._change(changes.pop(0))
            yield from self._piece(span._replace(start=here, end=span.end or self._until))
        yield from map(self._change, changes)
        yield from self._end()

    @property
    def _anew(self) -> bool:
        """A restart begins with the change that caused it."""
        return any(change.at == self._timeline.started_at for change in self._timeline.changes)

    def _piece(self, span: Span) -> Iterator[str]:
        start, end, held_by = span
        if end is None or end <= start:
            return
        if held_by is None:
            yield from self._ran(start, end)
            return
        length, open_time = end - start, self._calendar.between(start, end)
        of_it = f"{lasted(length)}, of which {lasted(open_time)} were open"
        if held_by == "over":
            yield f"over for {of_it}"
        else:
            yield f"waited on {WAITED_ON[held_by]} {of_it}"

    def _ran(self, start: datetime, end: datetime) -> Iterator[str]:
        pieces = list(islice(self._calendar.stretches(start, end), MOST_PIECES + 1))
        if len(pieces) > MOST_PIECES:
            yield f"{lasted(self._calendar.between(start, end))} open until {self._date(end)}"
            return
        for piece in pieces:
            if not piece.open:
                yield piece.why
            elif self._calendar.is_open(piece.end):
                yield f"{lasted(piece.end - piece.start)} until {self._when(piece.end)}"
            else:
                closing = f"{piece.end.astimezone(self._zone):%H:%M}"
                yield f"{lasted(piece.end - piece.start)} until closing at {closing}"

    def _change(self, change: PriorityChange) -> str:
        became = f"priority {'raised' if change.raised else 'lowered'} to {change.priority}"
        words = f"{became} {self._when(change.at)}"
        promise = change.promise
        if change.came_too_late:
            return f"{words}: the target was missed before, and stays missed"
        if promise is None:
            return f"{words}: no target"
        if promise.grace is not None:
            return f"{words}: {_target(promise.target)} is over; {lasted(promise.grace)} of grace"
        if self._timeline.policy.on_priority_change is OnPriorityChange.RECOMPUTE:
            return f"{words}: {_target(promise.target)}"
        return f"{words}: {_target(promise.target)} from then on"

    def _end(self) -> Iterator[str]:
        timeline, due_at = self._timeline, self._due_at
        late = due_at is not None and self._stands_at > due_at
        lateness = f"{lasted(timeline.ran(self._stands_at, since=due_at))} late"
        if timeline.held_by is not None:
            yield f"held since {self._when(timeline.turns[-1].since)}: not due until it goes on"
        elif due_at is None:
            yield "never due: the desk is not open for so long in ten years"
        elif late and timeline.ended_at is None:
            yield f"due {self._when(due_at)}: {lateness}"
        else:
            yield f"due {self._when(due_at)}"
        if timeline.cancelled:
            yield f"cancelled {self._when(self._stands_at)}, when the case was over"
        elif timeline.ended_at is not None:
            how = lateness if late else "in time"
            yield f"{ENDED[timeline.metric]} {self._when(timeline.ended_at)}, {how}"

    def _when(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        if abs(at - self._timeline.started_at) > A_WEEK:
            return self._date(at)
        return f"{WEEKDAY_NAMES[local.weekday()]} {local:%H:%M}"

    def _date(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        month = MONTH_NAMES[local.month - 1]
        return f"{WEEKDAY_NAMES[local.weekday()]} {local.day} {month} {local.year} {local:%H:%M}"


def _target(target: timedelta | None) -> str:
    return "no target" if target is None else f"target {lasted(target)}"
