"""The order of cases in lists: the most urgent first."""

from datetime import datetime

from bot.case.case import Case
from bot.priority import Priority

URGENCY = {priority: place for place, priority in enumerate(Priority)}


def most_urgent_first(cases: list[Case]) -> list[Case]:
    """Return the cases by priority, then by the next due time, then by age."""

    def urgency(case: Case) -> tuple[int, bool, datetime, datetime]:
        clock = case.next_due
        due_at = clock.due_at if clock is not None else None
        return URGENCY[case.priority], due_at is None, due_at or case.opened_at, case.opened_at

    return sorted(cases, key=urgency)
