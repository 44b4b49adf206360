"""Open time by bisecting a plain list of days: the minimum cost, used as the floor."""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate

HOURS = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
DAY = timedelta(hours=9)


class Plain:
    """Nine to six on weekdays, UTC, for two years."""

    def __init__(self) -> None:
        first = datetime(2026, 1, 1, 9, tzinfo=UTC)
        days = [first + timedelta(day) for day in range(730)]
        self.opens = [day for day in days if day.weekday() < 5]
        self.closes = [day + DAY for day in self.opens]
        self.through = list(accumulate([DAY] * len(self.opens)))

    def after(self, at: datetime, worked: timedelta) -> datetime:
        wanted = self._until(at) + worked
        there = bisect_left(self.through, wanted)
        return self.closes[there] - (self.through[there] - wanted)

    def between(self, start: datetime, end: datetime) -> timedelta:
        return self._until(end) - self._until(start)

    def _until(self, at: datetime) -> timedelta:
        here = bisect_right(self.opens, at) - 1
        closes = self.closes[here]
        return self.through[here] if at >= closes else self.through[here] - (closes - at)
