"""How a case's clocks stand, in words: what is left, how late, paused and why, met or met late."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.business_time import Calendar
from bot.case import Case
from bot.case.recipients import passed_on
from bot.sla import WAITED_ON, Clock, ClockState, Metric
from bot.team import Waiting
from handlers.slack.render import Markup, local_time, span

METRIC_WORDS = {
    Metric.CLAIM: "claim",
    Metric.FIRST_RESPONSE: "first response",
    Metric.NEXT_RESPONSE: "reply",
    Metric.UPDATE: "update",
    Metric.RESOLUTION: "resolution",
    Metric.TOTAL_RESOLUTION: "total resolution",
    Metric.OWNERSHIP: "ownership",
}
A_MINUTE = timedelta(minutes=1)
IN_TIME, LATE = ":white_check_mark: In time", ":warning: Late"


def clock_lines(case: Case) -> list[str]:
    """The clocks that run, the first due first, and then how the others ended."""
    by_due = sorted(case.clocks, key=lambda it: (it.due_at is None, it.due_at or it.started_at))
    running = [_running(clock) for clock in by_due if clock.running]
    in_order = sorted(case.clocks, key=lambda it: list(METRIC_WORDS).index(it.metric))
    ended = [
        f"{words}: {', '.join(dict.fromkeys(metrics))}"
        for words, state in ((IN_TIME, ClockState.MET), (LATE, ClockState.MET_LATE))
        if (metrics := [METRIC_WORDS[it.metric] for it in in_order if it.state is state])
    ]
    return [line for line in running if line] + (["  ·  ".join(ended)] if ended else [])


def duty_lines(case: Case) -> list[str]:
    """What became of a level that nobody is on duty at."""
    running = {(clock.metric, clock.cycle) for clock in case.clocks if clock.running}
    passed = [
        f":zzz: Nobody was on duty at level {level.number}: the next one heard of it"
        for event in case.history
        if any((step.metric, step.cycle) in running for step in event.steps)
        for level in passed_on(case, event)
    ]
    held = [
        f":zzz: Nobody is on duty: a level waits until {local_time(clock.held_until)}"
        for clock in case.clocks
        if clock.held_until is not None
    ]
    return passed[-1:] + held[:1]


def dues(clocks: Sequence[Clock], calendar: Calendar, *, at: datetime) -> Markup:
    """``claim due 9:50 (2 h late), resolution by 14:00``, as things stand at that instant."""
    named = []
    for clock in clocks:
        if clock.due_at is None:
            continue
        word = "due" if clock.state is ClockState.BREACHING else "by"
        late = calendar.between(clock.due_at, at)
        lateness = f" ({span(late)} late)" if late >= A_MINUTE else ""
        named.append(f"{METRIC_WORDS[clock.metric]} {word} {local_time(clock.due_at)}{lateness}")
    return Markup(", ".join(named))


def time_left(case: Case, *, at: datetime) -> str:
    """What is due first, and how much open time is left until then, or since.

    From the first of the policy's warnings on it has a mark, which nobody is nudged about.
    """
    clock, calendar = case.next_due, case.policy.calendar
    if clock is None or clock.due_at is None:
        return ""
    name = METRIC_WORDS[clock.metric]
    if at >= clock.due_at:
        return f":rotating_light: {name} {span(calendar.between(clock.due_at, at))} late"
    left = calendar.between(at, clock.due_at)
    warned = any(
        it.reached_after(clock.target) <= clock.target - left for it in case.policy.warn_at
    )
    return f"{':hourglass: ' if warned else ''}{span(left)} left for the {name}"


def _running(clock: Clock) -> str:
    name = METRIC_WORDS[clock.metric].capitalize()
    if clock.state is ClockState.PAUSED:
        on = WAITED_ON[Waiting(clock.paused_by)] if clock.paused_by else "somebody"
        return f":double_vertical_bar: {name} paused: waiting on {on}"
    if clock.due_at is None:
        return ""
    due = local_time(clock.due_at)
    match clock.state:
        case ClockState.BREACHING:
            return f":rotating_light: {name} was due {due}"
        case ClockState.AT_RISK:
            return f":hourglass_flowing_sand: {name} by {due}"
        case _:
            return f"{name} by {due}"
