"""How fast an app may call: per method, and about a message a second in each channel."""

import math
from datetime import datetime

from handlers.sandbox.clock import Clock

PER_MINUTE = {"t1": 1, "t2": 20, "t3": 50, "t4": 100, "t5": 300}
Limit = tuple[tuple[str, ...], int, float]  # of what, how many at once, how many a second
BURST = 4  # messages at once in one channel


class Pace:
    """Counted on the sandbox's clock: while it stands still, nothing is forgiven."""

    def __init__(self, clock: Clock, *, on: bool) -> None:
        self._clock, self.on = clock, on
        self.by_method = True  # and not in each channel alone
        self._spent: dict[tuple[str, ...], tuple[float, datetime]] = {}

    def wait(self, method: str, tier: str, channel: str) -> int:
        """Seconds that this call is early; 0 counts it as made."""
        if not self.on:
            return 0
        per_minute = PER_MINUTE[tier]
        limits: list[Limit] = [((method,), per_minute, per_minute / 60)] if self.by_method else []
        if method == "chat.postMessage":
            limits.append(((method, channel), BURST, 1.0))
        spent = {key: self._spent_now(key, rate) for key, _, rate in limits}
        early = max(((spent[key] + 1 - most) / rate for key, most, rate in limits), default=0.0)
        if early > 0:
            return math.ceil(early)
        for key, _, _ in limits:
            self._spent[key] = (spent[key] + 1, self._clock())
        return 0

    def _spent_now(self, key: tuple[str, ...], rate: float) -> float:
        spent, at = self._spent.get(key, (0.0, self._clock()))
        return max(0.0, spent - rate * (self._clock() - at).total_seconds())
