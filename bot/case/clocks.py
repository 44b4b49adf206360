"""Update the clocks of a case from its history, and find what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.case.due.crossing import Watched
from bot.case.due.inactivity import next_inactivity_step
from bot.case.event import Event, EventKind
from bot.case.state import CaseState
from bot.priority import Priority
from bot.sla import Clock, ClockState, Metric, Reading, moments


@dataclass(frozen=True)
class ClockUpdate:
    """The updated clocks of a case; ``changed`` is true if the card looks different now."""

    changed: bool
    watched: tuple[Watched, ...]


def read_clocks(case: CaseState, *, at: datetime) -> list[Reading]:
    """Return the reading of each clock at an instant, with its explanation."""
    return case.clock_inputs.clocks(case.policy, at=at)


def clocks_at_each_priority(case: CaseState, *, at: datetime) -> dict[Priority, list[Reading]]:
    """Return the readings that the clocks would have if the priority changed now, for each one."""
    now = case.clock_inputs
    changed = {to: now if to is now.priority else now.with_priority(to, at=at) for to in Priority}
    return {to: inputs.clocks(case.policy, at=at) for to, inputs in changed.items()}


def update_clocks(case: CaseState, readings: Sequence[Reading], *, at: datetime) -> ClockUpdate:
    """Store the readings in the clocks of the case, and schedule its next check.

    The next check is the earliest instant at which a clock, a level, a wait, a hand-off, a
    department, a prevention or the owner's silence may need something; it is ``at`` if that is
    already past.
    """
    kept = {(clock.metric, clock.cycle): clock for clock in case.clocks}
    due: list[datetime | None] = [
        _wait_check(case, at),
        _handoff_check(case, at),
        max(answer_due, at) if (answer_due := case.next_answer_due) else None,
        max(remind_at, at) if (remind_at := case.prevention_due) else None,
        max(step.at, at) if (step := next_inactivity_step(case)) is not None else None,
    ]
    changed, watched = False, []
    levels = case.levels
    for reading in readings:
        clock = kept.pop((reading.clock, reading.cycle), None)
        if clock is None:
            case.clocks.append(clock := Clock.of(reading))
            changed = True
        elif clock.follow(reading):
            changed = True
        ahead = tuple(moments(reading, levels, case.priority))
        changed |= clock.follow_levels(ahead, at=at)
        watched.append(Watched(clock, ahead))
        due += [
            reading.next_at,
            at if clock.unnotified_state(at=at) else None,
            watched[-1].next_step(at=at),
        ]
    for dropped in kept.values():  # the policy in force no longer has a target for these
        changed |= dropped.cancel(at=at)
    case.next_check_at = min((it for it in due if it is not None), default=None)
    return ClockUpdate(changed, tuple(watched))


def missed_promises(case: CaseState, *, at: datetime) -> list[Metric]:
    """Return the targets that would be missed if the case were resolved now: met late, or unmet."""
    resolved = case.clock_inputs.with_resolution(at=at).clocks(case.policy, at=at)
    late = {(reading.clock, reading.cycle) for reading in resolved if reading.ended_late}
    missed = (
        clock.metric
        for clock in case.clocks
        if clock.state is ClockState.MET_LATE
        or (clock.running and (clock.metric, clock.cycle) in late)
    )
    return list(dict.fromkeys(missed))


def waits_too_long(case: CaseState, *, at: datetime) -> bool:
    """Return whether the wait is past its resume-by time and that is not recorded yet."""
    wait = case.current_wait
    if wait is None or wait.resume_by is None or at < wait.resume_by:
        return False
    return not any(event.kind is EventKind.OVERDUE for event in case.history[wait.number :])


def lapsed_handoff(case: CaseState, *, at: datetime) -> Event | None:
    """Return the hand-off that was not answered in time, if there is one."""
    offer = case.pending_handoff
    return offer if offer is not None and at >= case.handoff_ends(offer) else None


def _handoff_check(case: CaseState, at: datetime) -> datetime | None:
    """Return when to check the pending hand-off; ``at`` if its deadline is past."""
    offer = case.pending_handoff
    return max(case.handoff_ends(offer), at) if offer is not None else None


def _wait_check(case: CaseState, at: datetime) -> datetime | None:
    """Return when to check the wait: at its resume-by time, or ``at`` if that passed unrecorded."""
    if waits_too_long(case, at=at):
        return at
    wait = case.current_wait
    return wait.resume_by if wait is not None and wait.resume_by and wait.resume_by > at else None
