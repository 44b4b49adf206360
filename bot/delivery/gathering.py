"""Messages that crowd a lane, gathered into one: nobody reads forty, one by one."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from bot.delivery.delivery import Delivery

MORE_THAN = 5
"""So many nudges at a time may wait in a lane and be told one by one."""

CASES_AT_MOST = 40


def gather(
    nudges: Sequence[Delivery], *, at: datetime, more_than: int = MORE_THAN
) -> list[Delivery]:
    """The messages that tell of all these nudges of one lane, if they are too many."""
    if len(nudges) <= more_than:
        return []
    by_case: dict[int, list[Delivery]] = {}
    for nudge in nudges:
        by_case.setdefault(nudge.case or 0, []).append(nudge)
    cases = list(by_case.values())
    some = (cases[first : first + CASES_AT_MOST] for first in range(0, len(cases), CASES_AT_MOST))
    return [Delivery.gathered(list(chain.from_iterable(it)), at=at) for it in some]
