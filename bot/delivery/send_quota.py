"""A workspace's way out to Slack: how fast it takes messages, and whether it takes any."""

from dataclasses import dataclass
from datetime import datetime, timedelta

INTERVAL = timedelta(milliseconds=200)
"""Slack takes several hundred messages a minute from an app in a workspace: we send 300."""

BURST = 100
"""So many may go at once after a rest, for many cases come due at the same minute: 400 messages in
the busiest minute are still several hundred.
"""
RESERVED_FOR_CHANNELS = 80
"""So many of those are for what is not patient."""

PROBE_EVERY = timedelta(minutes=5)

LATER, LATEST = timedelta(seconds=15), timedelta(seconds=45)
"""Each message that turned up after we had looked for it makes us look so much later. Not for ever:
with both looks, whoever is to be nudged hears of it within two minutes.
"""


@dataclass(eq=False)
class SendQuota:
    """Shared by all processes, so that they keep one pace, and stop and go on together."""

    paced_until: datetime  # when all that was sent so far has had its time
    limited_until: datetime  # a lane rests until then, because Slack asked for it
    shut_for: str = ""  # why Slack takes nothing at all from us; empty while it does
    probe_at: datetime | None = None  # when to ask Slack whether it does again
    extra_quiesce: timedelta = timedelta(0)  # how much later than we thought its messages turn up

    def reserve(self, wanted: int, *, low_priority: int = 0, at: datetime) -> int:
        """How many of ``wanted`` messages may go now; they count as sent. The last ones, which are
        ``low_priority``, leave most of what may go at once to those that are not.
        """
        paced = max(self.paced_until, at - BURST * INTERVAL)
        free = max(0, (at - paced) // INTERVAL)
        allowed = min(wanted - low_priority, free)
        allowed += max(0, min(low_priority, free - allowed - RESERVED_FOR_CHANNELS))
        self.paced_until = paced + allowed * INTERVAL
        return allowed

    def slow_down(self, wait: timedelta, *, at: datetime) -> None:
        """Slack asks a lane to rest. Where another rests already, it means all of them."""
        if self.limited_until > at:
            self.paced_until = max(self.paced_until, at + wait)
        self.limited_until = max(self.limited_until, at + wait)

    def shut(self, why: str, *, at: datetime) -> None:
        if not self.shut_for:
            self.probe_at = at + PROBE_EVERY
        self.shut_for = why

    def probe(self, *, at: datetime) -> None:
        """Somebody asks Slack now; the next one asks in a while."""
        self.probe_at = at + PROBE_EVERY

    def found_twin(self) -> None:
        """A message was sent again too early: its first try turned up after all."""
        self.extra_quiesce = min(self.extra_quiesce + LATER, LATEST)

    def open(self) -> None:
        self.shut_for, self.probe_at = "", None
