"""A case's clocks in words: time left, overdue, paused and why, on time or late."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.business_time import Calendar
from bot.case import Case
from bot.case.level_recipients import passed_on
from bot.messages import N_
from bot.sla import Clock, ClockState, Metric
from bot.team import Waiting
from handlers.i18n import _
from handlers.slack.render import Markup, local_time, span
from handlers.slack.views import labels
from handlers.slack.views.labels import METRICS

A_MINUTE = timedelta(minutes=1)

RUNNING = {
    ClockState.BREACHING: N_(":rotating_light: {clock} was due {due}"),
    ClockState.AT_RISK: N_(":hourglass_flowing_sand: {clock} due {due}"),
}
ON_TRACK = N_("{clock} due {due}")


def clock_lines(case: Case) -> list[str]:
    """Return a line for each running clock, first due first, then how the others ended."""
    by_due = sorted(case.clocks, key=lambda it: (it.due_at is None, it.due_at or it.started_at))
    running = [line for clock in by_due if clock.running and (line := _running(clock))]
    ended = [
        line
        for state, template in (
            (ClockState.MET, _(":white_check_mark: On time: {clocks}")),
            (ClockState.MET_LATE, _(":warning: Late: {clocks}")),
        )
        if (line := _in_state(case, state, template))
    ]
    return running + (["  ·  ".join(ended)] if ended else [])


def duty_lines(case: Case) -> list[str]:
    """Return what became of an escalation level outside its hours."""
    running = {(clock.metric, clock.cycle) for clock in case.clocks if clock.running}
    passed = [
        _(":zzz: Level {number} was off duty, so the next level was notified").format(
            number=level.number
        )
        for event in case.history
        if any((step.metric, step.cycle) in running for step in event.steps)
        for level in passed_on(case, event)
    ]
    held = [
        _(":zzz: Off duty: the next level is notified {time}").format(
            time=local_time(clock.held_until)
        )
        for clock in case.clocks
        if clock.held_until is not None
    ]
    return passed[-1:] + held[:1]


def dues(clocks: Sequence[Clock], calendar: Calendar, *, at: datetime) -> Markup:
    """Return ``claim was due 9:50, 2 h ago; resolution due 14:00, in 2 h`` as of that instant."""
    return Markup(
        "; ".join(
            _due(clock, clock.due_at, calendar, at) for clock in clocks if clock.due_at is not None
        )
    )


def _due(clock: Clock, due_at: datetime, calendar: Calendar, at: datetime) -> str:
    late = calendar.between(due_at, at)
    if clock.state is not ClockState.BREACHING:
        text = _("{clock} due {due}, in {left}")
    elif late < A_MINUTE:
        text = _("{clock} was due {due}")
    else:
        text = _("{clock} was due {due}, {late} ago")
    left = span(calendar.between(at, due_at))
    name = labels.metric(clock.metric)
    return text.format(clock=name, due=local_time(due_at), late=span(late), left=left)


def time_left(case: Case, *, at: datetime) -> str:
    """Return what is due first, with the open time left until then, or since.

    The mark appears at the policy's first warning, before anyone is nudged about it.
    """
    clock, calendar = case.next_due, case.policy.calendar
    if clock is None or clock.due_at is None:
        return ""
    name = labels.metric(clock.metric)
    if at >= clock.due_at:
        late = span(calendar.between(clock.due_at, at))
        return _(":rotating_light: {clock} {late} overdue").format(clock=name, late=late)
    left = calendar.between(at, clock.due_at)
    warned = any(
        it.reached_after(clock.target) <= clock.target - left for it in case.policy.warn_at
    )
    text = _(":hourglass: {clock} due in {left}") if warned else _("{clock} due in {left}")
    return text.format(clock=name, left=span(left))


def _running(clock: Clock) -> str:
    name = labels.metric(clock.metric).capitalize()
    if clock.state is ClockState.PAUSED:
        return _paused(clock, name)
    if clock.due_at is None:
        return ""
    text = _(RUNNING.get(clock.state, ON_TRACK))
    return text.format(clock=name, due=local_time(clock.due_at))


def _paused(clock: Clock, name: str) -> str:
    if clock.paused_by is None:
        return _(":double_vertical_bar: {clock} paused").format(clock=name)
    party = labels.waiting_for(Waiting(clock.paused_by))
    return _(":double_vertical_bar: {clock} paused: waiting for {party}").format(
        clock=name, party=party
    )


def _in_state(case: Case, state: ClockState, template: str) -> str:
    metrics: list[Metric] = [it for it in METRICS if _has(case, it, state)]
    return template.format(clocks=", ".join(map(labels.metric, metrics))) if metrics else ""


def _has(case: Case, metric: Metric, state: ClockState) -> bool:
    return any(clock.metric is metric and clock.state is state for clock in case.clocks)
