"""Explain how the state of a clock came about, line by line."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from bot.business_time import Calendar, time_zone
from bot.business_time.periods import MONTH_NAMES, WEEKDAY_NAMES
from bot.messages import N_, Sentence
from bot.sla.metric import Metric
from bot.sla.timeline import CLOSED, Begun, PriorityChange, Span, Timeline
from bot.team import OnPriorityChange, Waiting

MOST_STRETCHES = 9  # opening and closing times to list; a longer run becomes a single line
A_WEEK = timedelta(days=6)  # beyond it, a weekday without a date would be ambiguous

BEGUN = {
    Begun.OPENED: (
        N_("opened {time} in {zone}: target {target}"),
        N_("opened {time} in {zone}: no target"),
    ),
    Begun.CLAIMED: (
        N_("claimed {time} in {zone}: target {target}"),
        N_("claimed {time} in {zone}: no target"),
    ),
    Begun.HANDED_OFF: (
        N_("handed off {time} in {zone}: target {target}"),
        N_("handed off {time} in {zone}: no target"),
    ),
    Begun.RELEASED: (
        N_("released {time} in {zone}: target {target}"),
        N_("released {time} in {zone}: no target"),
    ),
    Begun.CUSTOMER_REPLIED: (
        N_("customer replied {time} in {zone}: target {target}"),
        N_("customer replied {time} in {zone}: no target"),
    ),
    Begun.UPDATED: (
        N_("updated {time} in {zone}: target {target}"),
        N_("updated {time} in {zone}: no target"),
    ),
    Begun.REOPENED: (
        N_("reopened {time} in {zone}: target {target}"),
        N_("reopened {time} in {zone}: no target"),
    ),
}
"""The first line: with a target, and without."""

ENDED = {
    Metric.CLAIM: (N_("claimed {time}, on time"), N_("claimed {time}, {length} late")),
    Metric.FIRST_RESPONSE: (N_("answered {time}, on time"), N_("answered {time}, {length} late")),
    Metric.NEXT_RESPONSE: (N_("answered {time}, on time"), N_("answered {time}, {length} late")),
    Metric.UPDATE: (N_("updated {time}, on time"), N_("updated {time}, {length} late")),
    Metric.RESOLUTION: (N_("resolved {time}, on time"), N_("resolved {time}, {length} late")),
    Metric.TOTAL_RESOLUTION: (N_("resolved {time}, on time"), N_("resolved {time}, {length} late")),
    Metric.OWNERSHIP: (
        N_("handed off, released or resolved {time}, on time"),
        N_("handed off, released or resolved {time}, {length} late"),
    ),
}
"""The last line of a clock that was met: on time, and late."""

HELD = {
    CLOSED: N_("closed for {length}, {open} of it in opening hours"),
    Waiting.CUSTOMER: N_("waited on the customer {length}, {open} of it in opening hours"),
    Waiting.THIRD_PARTY: N_("waited on a third party {length}, {open} of it in opening hours"),
}
WAITED_ON = {Waiting.CUSTOMER: N_("the customer"), Waiting.THIRD_PARTY: N_("a third party")}


def explanation(timeline: Timeline, now: datetime) -> list[Sentence]:
    """Return the lines that explain a clock, from its start to its state ``now``."""
    return list(_Explanation(timeline, now).lines())


def lasted(length: timedelta) -> str:
    """Format a length like ``2 h 10 min``, with seconds only below an hour."""
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

    def lines(self) -> Iterator[Sentence]:
        timeline = self._timeline
        yield self._start()
        changes = [change for change in timeline.changes if change.at >= timeline.started_at]
        for span in timeline.spans():
            here, end = span.start, span.end or self._until
            while changes and changes[0].at < end:
                yield from self._span(span._replace(start=here, end=changes[0].at))
                here = changes[0].at
                yield from self._change(changes.pop(0))
            yield from self._span(span._replace(start=here, end=span.end or self._until))
        for change in changes:
            yield from self._change(change)
        yield from self._end()

    def _start(self) -> Sentence:
        timeline, zone = self._timeline, self._calendar.zone
        time = self._date(timeline.started_at)
        if timeline.begun is Begun.RESTARTED:  # its target is in the change that restarted it
            return Sentence.of(N_("restarted {time} in {zone}"), time=time, zone=zone)
        with_target, without = BEGUN[timeline.begun]
        if timeline.first_target is None:
            return Sentence.of(without, time=time, zone=zone)
        return Sentence.of(with_target, time=time, zone=zone, target=lasted(timeline.first_target))

    def _span(self, span: Span) -> Iterator[Sentence]:
        start, end, held_by = span
        if end is None or end <= start:
            return
        if held_by is None:
            yield from self._run(start, end)
            return
        open_time = self._calendar.between(start, end)
        yield Sentence.of(HELD[held_by], length=lasted(end - start), open=lasted(open_time))

    def _run(self, start: datetime, end: datetime) -> Iterator[Sentence]:
        stretches = list(islice(self._calendar.stretches(start, end), MOST_STRETCHES + 1))
        if len(stretches) > MOST_STRETCHES:
            yield Sentence.of(
                N_("{length} of opening hours until {time}"),
                length=lasted(self._calendar.between(start, end)),
                time=self._date(end),
            )
            return
        for stretch in stretches:
            length = lasted(stretch.end - stretch.start)
            if not stretch.open:
                yield stretch.why
            elif self._calendar.is_open(stretch.end):
                yield Sentence.of(
                    N_("{length} until {time}"), length=length, time=self._when(stretch.end)
                )
            else:
                yield Sentence.of(
                    N_("{length} until closing at {time}"),
                    length=length,
                    time=f"{stretch.end.astimezone(self._zone):%H:%M}",
                )

    def _change(self, change: PriorityChange) -> Iterator[Sentence]:
        changed = (
            N_("priority raised to {priority} {time}")
            if change.raised
            else N_("priority lowered to {priority} {time}")
        )
        yield Sentence.of(changed, priority=change.priority.value, time=self._when(change.at))
        promise = change.promise
        if change.already_missed:
            yield Sentence.of(N_("target already missed, and it stays missed"))
        elif promise is None:
            yield Sentence.of(N_("no target for this priority"))
        elif promise.grace is not None:
            yield Sentence.of(
                N_("new target {target} already over: {grace} of grace"),
                target=lasted(promise.target),
                grace=lasted(promise.grace),
            )
        elif self._timeline.policy.on_priority_change is OnPriorityChange.RECOMPUTE:
            yield Sentence.of(N_("new target {target}"), target=lasted(promise.target))
        else:
            yield Sentence.of(
                N_("new target {target}, counted from the change"), target=lasted(promise.target)
            )

    def _end(self) -> Iterator[Sentence]:
        timeline, due_at = self._timeline, self._due_at
        late = due_at is not None and self._stands_at > due_at
        lateness = lasted(timeline.ran(self._stands_at, since=due_at))
        if timeline.held_by is not None:
            since = self._when(timeline.turns[-1].since)
            yield Sentence.of(N_("on hold since {time}, and not due until it resumes"), time=since)
        elif due_at is None:
            yield Sentence.of(N_("never due: the calendar is not open that long in ten years"))
        elif late and timeline.ended_at is None:
            yield Sentence.of(
                N_("due {time}, {length} overdue"), time=self._when(due_at), length=lateness
            )
        else:
            yield Sentence.of(N_("due {time}"), time=self._when(due_at))
        stood_at = self._when(self._stands_at)
        if timeline.cancelled:
            yield Sentence.of(N_("cancelled {time}, when the case was closed"), time=stood_at)
        elif timeline.ended_at is not None:
            in_time, overdue = ENDED[timeline.metric]
            if late:
                yield Sentence.of(overdue, time=stood_at, length=lateness)
            else:
                yield Sentence.of(in_time, time=stood_at)

    def _when(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        if abs(at - self._timeline.started_at) > A_WEEK:
            return self._date(at)
        return f"{WEEKDAY_NAMES[local.weekday()]} {local:%H:%M}"

    def _date(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        month = MONTH_NAMES[local.month - 1]
        return f"{WEEKDAY_NAMES[local.weekday()]} {local.day} {month} {local.year} {local:%H:%M}"
