"""How long Slack's last word on people counts: an hour, or a day while Slack is away."""

from dataclasses import dataclass
from datetime import datetime, timedelta

CONFIRMED_FOR = timedelta(hours=1)
HELD_FOR = timedelta(hours=24)
"""While Slack is away it can confirm no one, so the last known roles hold for this long."""

PROOF_LASTS = timedelta(minutes=5)
"""A failed call proves that Slack is away now, not later. A worker calls every minute."""


@dataclass(frozen=True)
class SlackContact:
    """When Slack last answered a question about people, and when a call last failed.

    A call fails if Slack cannot be reached or has an error of its own. A refusal is an answer.
    """

    answered_at: datetime | None = None
    failed_at: datetime | None = None

    def is_away(self, *, at: datetime) -> bool:
        """Return whether Slack is proven to be away: the last call failed, minutes ago at most."""
        if self.failed_at is None or at - self.failed_at > PROOF_LASTS:
            return False
        return self.answered_at is None or self.failed_at > self.answered_at

    def confirms(self, read_at: datetime | None, *, at: datetime) -> bool:
        """Return whether what was read from Slack at ``read_at`` still counts."""
        if read_at is None:
            return False
        return at - read_at <= (HELD_FOR if self.is_away(at=at) else CONFIRMED_FOR)
