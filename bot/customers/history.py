"""A customer's other cases, as background for a call."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.case import Case
from bot.customers.customer import Customer
from bot.people import CaseId

REMEMBERED = 100
"""The newest cases of a customer that are loaded; older ones are ignored."""


@dataclass(frozen=True)
class PastCase:
    """A summary of another case of the same customer with the same team."""

    id: CaseId
    opened_at: datetime
    over: bool
    outcome: str


@dataclass(frozen=True)
class CustomerHistory:
    """A customer, if known, and their other cases, newest first."""

    customer: Customer | None = None
    others: tuple[PastCase, ...] = ()

    @property
    def open(self) -> int:
        """The number of open cases."""
        return sum(not other.over for other in self.others)

    @property
    def past(self) -> int:
        """The number of closed cases."""
        return sum(other.over for other in self.others)

    @property
    def last_outcome(self) -> str:
        """The newest outcome, or empty."""
        return next((other.outcome for other in self.others if other.outcome), "")

    def place_in_quarter(self, case: Case, zone: ZoneInfo) -> int:
        """Return the position of the case among the customer's cases of its quarter, from 1."""
        quarter = _quarter(case.opened_at, zone)
        earlier = (other for other in self.others if other.id < case.id)
        return 1 + sum(_quarter(other.opened_at, zone) == quarter for other in earlier)


def _quarter(at: datetime, zone: ZoneInfo) -> tuple[int, int]:
    local = at.astimezone(zone)
    return local.year, (local.month - 1) // 3
