"""Events of a case that start, pause or end its clocks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.priority import Priority
from bot.team import Waiting


class ClockEventKind(StrEnum):
    CLAIMED = "claimed"
    RELEASED = "released"
    HANDED_OFF = "handed_off"
    CUSTOMER_CONTACTED = "customer_contacted"
    CUSTOMER_REPLIED = "customer_replied"
    UPDATED = "updated"
    WAITING = "waiting"
    RESUMED = "resumed"
    PRIORITY_CHANGED = "priority_changed"
    RESOLVED = "resolved"
    DECLINED = "declined"
    REOPENED = "reopened"


@dataclass(frozen=True)
class ClockEvent:
    """One event that moves clocks."""

    kind: ClockEventKind
    at: datetime
    on: Waiting | None = None  # the party that the case waits on
    resume_by: datetime | None = None  # the end of the wait; passing it moves no clock
    to: Priority | None = None  # the new priority
