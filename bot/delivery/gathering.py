"""Gather the nudges of a crowded lane into one message, because people do not read forty."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from bot.delivery.delivery import Delivery

MORE_THAN = 5
"""Up to this many waiting nudges of a lane are sent one by one."""

CASES_AT_MOST = 40  # in one message


def gather(
    nudges: Sequence[Delivery], *, at: datetime, more_than: int = MORE_THAN
) -> list[Delivery]:
    """Return messages that replace the nudges of one lane, or none if they are few enough.

    All nudges of a case go into the same message.
    """
    if len(nudges) <= more_than:
        return []
    by_case: dict[int, list[Delivery]] = {}
    for nudge in nudges:
        by_case.setdefault(nudge.case or 0, []).append(nudge)
    cases = list(by_case.values())
    starts = range(0, len(cases), CASES_AT_MOST)
    batches = (cases[start : start + CASES_AT_MOST] for start in starts)
    return [Delivery.gathered(list(chain.from_iterable(it)), at=at) for it in batches]
