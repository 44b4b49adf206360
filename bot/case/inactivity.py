"""When a claim goes stale: its owner is asked once, and then the case goes back to the queue."""

from datetime import datetime
from typing import NamedTuple

from bot.case.event import Event, EventKind
from bot.case.facts import Status
from bot.case.state import CaseState

GIVES_BACK = frozenset({EventKind.ASSIGNED, EventKind.REOPENED, EventKind.APPEALED})


class InactivityStep(NamedTuple):
    """What comes next if its owner goes on saying nothing."""

    kind: EventKind  # STALE: they are asked. RELEASED
    at: datetime


def next_inactivity_step(case: CaseState) -> InactivityStep | None:
    """A case is not stale while it may wait, and what nobody has claimed has a clock for that."""
    policy = case.policy
    if case.status not in (Status.CLAIMED, Status.WAITING) or policy.stale_after is None:
        return None
    sign = _last_sign(case)
    since, wait = sign.at, case.current_wait
    if wait is not None and wait.resume_by is not None:
        since = max(since, wait.resume_by)
    asked = [it for it in case.history[sign.number :] if it.kind is EventKind.OWNER_REMINDED]
    if not asked:
        return InactivityStep(
            EventKind.OWNER_REMINDED, policy.calendar.after(since, policy.stale_after)
        )
    return InactivityStep(
        EventKind.RELEASED, policy.calendar.after(asked[0].at, policy.release_after)
    )


def _last_sign(case: CaseState) -> Event:
    """The last that its owner did with it; or how it came to them."""
    events = reversed(case.history)
    return next(it for it in events if it.by == case.owner or it.kind in GIVES_BACK)
