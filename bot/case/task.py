"""A question to another department, with its own due time."""

from dataclasses import dataclass
from datetime import datetime

from bot.delivery import Delivery
from bot.people import UserId


@dataclass(eq=False)
class Task:
    """A question to a department: one message in its channel, edited when it is answered."""

    event: int  # the number of the event that asked the question
    department: str
    asked: str
    asked_by: UserId
    asked_at: datetime
    due_at: datetime
    card: Delivery
    answer: str = ""
    answered_by: UserId | None = None
    answered_at: datetime | None = None
    reminded_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.answered_at is None

    @property
    def is_late(self) -> bool:
        """Whether the answer came after the due time, or is still missing after a reminder."""
        return self.answered_at > self.due_at if self.answered_at else self.reminded_at is not None
