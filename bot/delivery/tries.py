"""One try at a message, what Slack made of it, and how long to wait after it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

QUIESCE = timedelta(seconds=45)
"""How long a message whose answer was lost may still turn up: look no sooner than this.

Nobody knows how long Slack takes at the worst, so where it took longer, we wait longer.
"""

LOOK_AGAIN = timedelta(seconds=30)
"""Not seen once is not yet not there: the second look comes after this."""

LOOKS_NEEDED = 2
SWEEP_AGAIN = timedelta(minutes=10)
"""A message that was sent twice is looked for again this long after: one of them may be late."""

DOUBT_AT_MOST = timedelta(minutes=10)
"""Who cannot look by then decides without having looked."""

HINDSIGHT = timedelta(minutes=15)
"""How far before its last try a message is looked for: an earlier try may have arrived."""

TRIES_AT_MOST = 5
PACE = timedelta(seconds=1)
"""Slack takes about one message a second in a channel."""

NONE = timedelta(0)
RETRY_AFTER = timedelta(seconds=2)
RETRY_AT_MOST = timedelta(minutes=1)


class Outcome(StrEnum):
    """What came of one try."""

    SENT = "sent"  # or found
    NOT_SENT = "not_sent"  # Slack does not have it, and may take it later
    IN_DOUBT = "in_doubt"  # Slack may have it, or could not be asked: look before trying again
    ABSENT = "absent"  # we looked, and it is not there
    BLIND = "blind"  # nobody will let us look
    ODD = "odd"  # an answer that nobody foresaw: look before trying again, and not for ever
    UNWRITTEN = "unwritten"  # an error of ours: nothing was sent
    REFUSED = "refused"  # Slack will never take this message
    UNREACHABLE = "unreachable"  # Slack takes nothing for this place from us
    SHUT = "shut"  # Slack takes nothing at all from us
    GONE = "gone"  # the card that it edits, or whose thread it is for, is not there any more
    LATER = "later"  # its card comes first
    DROPPED = "dropped"  # nobody needs it any more
    NOT_THEIRS = "not_theirs"  # whoever was to read it may not any more


UNCALLED = {Outcome.DROPPED, Outcome.NOT_THEIRS, Outcome.LATER, Outcome.UNWRITTEN}
"""Slack was asked for nothing, so that its pace is not used up."""


@dataclass(frozen=True)
class SendResult:
    """What Slack made of a try.

    ``ts`` is the message it became; ``retry_after`` is how long Slack asked us to keep
    off, and None where it did not say; ``reason`` is for the operator; ``healed`` counts
    the twins that were found and deleted.
    """

    outcome: Outcome
    ts: str | None = None
    retry_after: timedelta | None = None
    reason: str = ""
    healed: int = 0

    @property
    def lane_rests(self) -> timedelta:
        """How long the lane stays shut after this try: Slack takes one message a second."""
        return NONE if self.outcome in UNCALLED else max(PACE, self.retry_after or PACE)


@dataclass(frozen=True)
class Try:
    """One try at a delivery, as it was when it began.

    ``number`` is its fence: what a sender says of an older try is not heard. ``looks``
    says that an earlier try may have arrived, so that this one only looks. ``quiesce`` is how
    long this one may still turn up, if its answer is lost.
    """

    number: int
    wanted: int
    looks: bool
    quiesce: timedelta


def wait_after(failures: int) -> timedelta:
    """Ever longer, for what Slack does not take just now."""
    return min(RETRY_AFTER * (1 << min(failures, 10)), RETRY_AT_MOST)
