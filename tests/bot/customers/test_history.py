"""What a customer's other cases say before somebody calls."""

from datetime import datetime

import pytest

from bot.business_time import time_zone
from bot.customers.history import CustomerHistory, PastCase
from bot.people import CaseId
from tests.builders import a_case, berlin

BERLIN = time_zone("Europe/Berlin")


def earlier(number: int, at: datetime, *, over: bool = True, outcome: str = "") -> PastCase:
    return PastCase(CaseId(number), at, over, outcome)


def test_open_and_past_cases_are_counted_and_the_last_outcome_is_the_newest() -> None:
    at = berlin("2026-03-01 12:00")
    others = (
        earlier(9, at, over=False),
        earlier(5, at, outcome="Refunded"),
        earlier(4, at, outcome="Sorry"),
    )
    customer_history = CustomerHistory(others=others)
    assert (customer_history.open, customer_history.past, customer_history.last_outcome) == (
        1,
        2,
        "Refunded",
    )
    assert (CustomerHistory().open, CustomerHistory().past, CustomerHistory().last_outcome) == (
        0,
        0,
        "",
    )


@pytest.mark.parametrize(
    ("opened", "place"),
    [("2026-01-01 00:00", 3), ("2025-12-31 23:59", 1), ("2026-03-31 08:00", 3)],
)
def test_a_quarter_begins_at_the_teams_midnight(opened: str, place: int) -> None:
    others = tuple(earlier(number, berlin(opened)) for number in (1, 2, 8))  # 8 came after it
    case = a_case(at=berlin("2026-03-31 12:00"), number=7)
    assert CustomerHistory(others=others).place_in_quarter(case, BERLIN) == place
