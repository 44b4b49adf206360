"""Slack's rate limits: per method, and about one message per second and channel."""

import math
from datetime import datetime

from handlers.sandbox.clock import Clock

PER_MINUTE = {"t1": 1, "t2": 20, "t3": 50, "t4": 100, "t5": 300}
Limit = tuple[tuple[str, ...], int, float]  # bucket key, burst size, calls per second
BURST = 4  # messages in one channel


class RateLimiter:
    """Leaky buckets on the sandbox's clock: they do not drain while it stands still."""

    def __init__(self, clock: Clock, *, on: bool) -> None:
        self._clock, self.on = clock, on
        self.by_method = True  # False: limit only messages per channel
        self._used: dict[tuple[str, ...], tuple[float, datetime]] = {}

    def wait(self, method: str, tier: str, channel: str) -> int:
        """Return the seconds until this call is allowed, or count the call and return 0."""
        if not self.on:
            return 0
        per_minute = PER_MINUTE[tier]
        limits: list[Limit] = [((method,), per_minute, per_minute / 60)] if self.by_method else []
        if method == "chat.postMessage":
            limits.append(((method, channel), BURST, 1.0))
        used = {key: self._used_now(key, rate) for key, _, rate in limits}
        wait = max(((used[key] + 1 - burst) / rate for key, burst, rate in limits), default=0.0)
        if wait > 0:
            return math.ceil(wait)
        for key, _, _ in limits:
            self._used[key] = (used[key] + 1, self._clock())
        return 0

    def _used_now(self, key: tuple[str, ...], rate: float) -> float:
        used, at = self._used.get(key, (0.0, self._clock()))
        return max(0.0, used - rate * (self._clock() - at).total_seconds())
