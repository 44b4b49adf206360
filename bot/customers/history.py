"""What somebody should know of a customer's other cases before they call."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.case import Case
from bot.customers.customer import Customer
from bot.people import CaseId

REMEMBERED = 100
"""Cases: of a customer with more, the newest are looked at."""


@dataclass(frozen=True)
class PastCase:
    """Another case of the same customer with the same team, in short."""

    id: CaseId
    opened_at: datetime
    over: bool
    outcome: str


@dataclass(frozen=True)
class CustomerHistory:
    """A customer, if they are known, and their other cases, the newest first."""

    customer: Customer | None = None
    others: tuple[PastCase, ...] = ()

    @property
    def open(self) -> int:
        return sum(not other.over for other in self.others)

    @property
    def past(self) -> int:
        return sum(other.over for other in self.others)

    @property
    def last_outcome(self) -> str:
        return next((other.outcome for other in self.others if other.outcome), "")

    def place_in_quarter(self, case: Case, zone: ZoneInfo) -> int:
        """Which of the customer's cases of its quarter this one is: 3 for the third."""
        quarter = _quarter(case.opened_at, zone)
        earlier = (other for other in self.others if other.id < case.id)
        return 1 + sum(_quarter(other.opened_at, zone) == quarter for other in earlier)


def _quarter(at: datetime, zone: ZoneInfo) -> tuple[int, int]:
    local = at.astimezone(zone)
    return local.year, (local.month - 1) // 3
