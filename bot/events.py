"""What happened to a case."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.delivery import Delivery
from bot.people import UserId


class EventKind(StrEnum):
    OPENED = "opened"
    CLAIMED = "claimed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    AT_RISK = "at_risk"
    BREACHED = "breached"


@dataclass(eq=False)
class Event:
    """One line of a case's history: never changed, never deleted."""

    number: int  # counted from 1 in its case
    kind: EventKind
    at: datetime
    by: UserId | None = None  # nobody: time passed
    note: str = ""  # what the person said with it
    tells: list[Delivery] = field(default_factory=list, repr=False)  # who hears of it
