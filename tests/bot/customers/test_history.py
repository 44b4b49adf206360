"""A customer's other cases, summarized for the owner before a call."""

from datetime import datetime

import pytest

from bot.business_time import time_zone
from bot.customers.history import CustomerHistory, PastCase
from bot.people import CaseId
from tests.builders import a_case, berlin

BERLIN = time_zone("Europe/Berlin")


def past_case(number: int, at: datetime, *, over: bool = True, outcome: str = "") -> PastCase:
    return PastCase(CaseId(number), at, over, outcome)


def test_history_counts_open_and_past_cases_and_shows_the_latest_outcome() -> None:
    at = berlin("2026-03-01 12:00")
    others = (
        past_case(9, at, over=False),
        past_case(5, at, outcome="Refunded"),
        past_case(4, at, outcome="Sorry"),
    )
    history = CustomerHistory(others=others)
    assert (history.open, history.past, history.last_outcome) == (
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
    ("opened", "rank"),
    [("2026-01-01 00:00", 3), ("2025-12-31 23:59", 1), ("2026-03-31 08:00", 3)],
)
def test_a_quarter_begins_at_midnight_in_the_teams_zone(opened: str, rank: int) -> None:
    # Case 8 was opened after case 7 and does not count.
    others = tuple(past_case(number, berlin(opened)) for number in (1, 2, 8))
    case = a_case(at=berlin("2026-03-31 12:00"), number=7)
    assert CustomerHistory(others=others).place_in_quarter(case, BERLIN) == rank
