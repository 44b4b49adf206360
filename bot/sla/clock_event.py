"""What happens to a case and moves its clocks."""

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
    kind: ClockEventKind
    at: datetime
    on: Waiting | None = None  # whom a waiting case waits for
    resume_by: datetime | None = None  # until when it may; that it passes moves no clock
    to: Priority | None = None  # what a changed priority became
