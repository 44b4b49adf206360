"""The order of cases in lists."""

from datetime import timedelta

from bot.case.urgency import most_urgent_first
from bot.priority import Priority
from tests.builders import MAYA, a_case
from tests.world import MONDAY_9AM


def test_cases_are_sorted_by_priority_and_then_by_due_time() -> None:
    low = a_case(number=1, priority=Priority.LOW)
    late = a_case(number=2, at=MONDAY_9AM + timedelta(minutes=10))
    early = a_case(number=3)
    claimed = a_case(number=4)
    claimed.claim(by=MAYA, at=MONDAY_9AM)
    ordered = most_urgent_first([low, claimed, late, early])
    assert [case.id for case in ordered] == [3, 2, 4, 1]
