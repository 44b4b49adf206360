"""Adding and counting open time: Baton, a plain bisect, and the library ``workclock``."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from workclock import Schedule, WorkDay

from bot.business_time import Calendar
from tests.bench.paired import Timed, paired
from tests.bench.time.plain import HOURS, Plain
from tests.world import MONDAY_9AM

BATCH = 500
SHORT, LONG = 5, 90  # days
FLOOR, OURS, THEIRS = "a plain bisect", "Calendar", "workclock"

Each = Callable[[Any, Any], Any]


def measure() -> dict[str, list[Timed]]:
    """Time both operations: the floor, Baton, and workclock one by one and in bulk."""
    starts, lengths = _drawn()
    calendar, plain, other = (
        Calendar.of("UTC", HOURS),
        Plain(),
        Schedule([WorkDay(time(9), time(18))]),
    )
    ends = plainly(plain.after, starts, lengths)()
    assert ends == plainly(calendar.after, starts, lengths)() == other.add_many(starts, lengths)
    counted = plainly(plain.between, starts, ends)()
    assert counted == plainly(calendar.between, starts, ends)() == other.between_many(starts, ends)
    return {
        "open time added": paired(
            {
                FLOOR: plainly(plain.after, starts, lengths),
                f"{OURS}.after": plainly(calendar.after, starts, lengths),
                f"{THEIRS}.add": plainly(other.add, starts, lengths),
                f"{THEIRS}.add_many": lambda: other.add_many(starts, lengths),
            },
            count=BATCH,
        ),
        "open time counted": paired(
            {
                FLOOR: plainly(plain.between, starts, ends),
                f"{OURS}.between": plainly(calendar.between, starts, ends),
                f"{THEIRS}.between": plainly(other.between, starts, ends),
                f"{THEIRS}.between_many": lambda: other.between_many(starts, ends),
            },
            count=BATCH,
        ),
    }


def far() -> dict[str, list[Timed]]:
    """Time counting over 90 days, relative to 5 days: the cost must not depend on the length."""
    starts, _ = _drawn()
    calendar, other = Calendar.of("UTC", HOURS), Schedule([WorkDay(time(9), time(18))])
    counts = {f"{OURS}.between": calendar.between, f"{THEIRS}.between": other.between}
    return {
        f"{name}, by its length": paired(
            {
                f"over {days} days": plainly(count, starts, [it + timedelta(days) for it in starts])
                for days in (SHORT, LONG)
            },
            count=BATCH,
        )
        for name, count in counts.items()
    }


def plainly(each: Each, left: list[Any], right: list[Any]) -> Callable[[], list[Any]]:
    """Return a function that applies ``each`` to the pairs one by one."""
    return lambda: [each(a, b) for a, b in zip(left, right, strict=True)]


def _drawn() -> tuple[list[datetime], list[timedelta]]:
    dice = Random(1)  # noqa: S311  not for cryptography
    starts = [MONDAY_9AM + timedelta(minutes=dice.randrange(400_000)) for _ in range(BATCH)]
    return starts, [timedelta(minutes=dice.randrange(15, 5000)) for _ in range(BATCH)]
