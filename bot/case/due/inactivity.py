"""Handle inactive owners: one reminder, then the case goes back to the queue."""

from datetime import datetime
from typing import NamedTuple

from bot.case.event import Event, EventKind
from bot.case.facts import Status
from bot.case.state import CaseState

GIVES_OWNER = frozenset({EventKind.ASSIGNED, EventKind.REOPENED, EventKind.APPEALED})
"""Events that give a case to its owner without the owner doing anything."""


class InactivityStep(NamedTuple):
    """The next consequence of an owner's silence: first a reminder, then the release."""

    kind: EventKind  # OWNER_REMINDED or RELEASED
    at: datetime


def next_inactivity_step(case: CaseState) -> InactivityStep | None:
    """Return what happens next if the owner does nothing, or None.

    The time up to a wait's resume-by does not count. An unclaimed case has the claim clock instead.
    """
    policy = case.policy
    if case.status not in (Status.CLAIMED, Status.WAITING) or policy.stale_after is None:
        return None
    last = _last_activity(case)
    since, wait = case.happened_at(last), case.current_wait
    if wait is not None and wait.resume_by is not None:
        since = max(since, wait.resume_by)
    reminders = [it for it in case.history[last.number :] if it.kind is EventKind.OWNER_REMINDED]
    if not reminders:
        return InactivityStep(
            EventKind.OWNER_REMINDED, policy.calendar.after(since, policy.stale_after)
        )
    return InactivityStep(
        EventKind.RELEASED,
        policy.calendar.after(case.happened_at(reminders[0]), policy.release_after),
    )


def _last_activity(case: CaseState) -> Event:
    """Return the owner's last action on the case, or the event that gave it to them if later."""
    events = reversed(case.history)
    return next(it for it in events if it.by == case.owner or it.kind in GIVES_OWNER)
