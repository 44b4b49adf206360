"""One try at a delivery, its outcome, and the waiting times between tries."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

QUIESCE = timedelta(seconds=45)
"""How long a message with a lost answer may take to arrive: search no sooner than this.

Slack documents no upper bound, so a workspace where it took longer waits longer: see
``SendQuota.found_duplicate``.
"""

LOOK_AGAIN = timedelta(seconds=30)
"""The time between searches: one search without a hit proves nothing yet."""

LOOKS_NEEDED = 2  # searches without a hit, before a message counts as absent
SWEEP_AGAIN = timedelta(minutes=10)
"""How long after a repeated send to search for duplicates again: one copy may be late."""

HINDSIGHT = timedelta(minutes=15)
"""How far before the unanswered send a search begins, in case an earlier try did arrive."""

TRIES_AT_MOST = 5
PACE = timedelta(seconds=1)
"""Slack allows about one message per second and channel."""

LONGEST_PAUSE = timedelta(hours=1)  # that Slack may ask for

NONE = timedelta(0)
RETRY_AFTER = timedelta(seconds=2)
RETRY_AT_MOST = timedelta(minutes=1)


class Outcome(StrEnum):
    """The outcome of one try."""

    SENT = "sent"  # or found by a search
    NOT_SENT = "not_sent"  # Slack does not have it, but may accept it later
    IN_DOUBT = "in_doubt"  # an error on Slack's side: it may have the message, so search first
    ABSENT = "absent"  # the search did not find it
    CANNOT_SEARCH = "blind"  # Slack does not let us search
    UNKNOWN_ANSWER = "odd"  # an unknown answer: like IN_DOUBT, but with a limit on tries
    NOT_COMPOSED = "unwritten"  # an error in our code: nothing was sent
    REFUSED = "refused"  # Slack rejects this message for good
    UNREACHABLE = "unreachable"  # Slack rejects every message to this recipient
    WORKSPACE_REJECTED = "shut"  # Slack rejects everything from this workspace
    TARGET_DELETED = "gone"  # the message to edit, or the thread to reply in, was deleted
    CARD_FIRST = "later"  # the card must be posted first
    DROPPED = "dropped"  # no longer current
    NOT_ALLOWED = "not_theirs"  # the recipient may no longer read it


UNCALLED = {Outcome.DROPPED, Outcome.NOT_ALLOWED, Outcome.CARD_FIRST, Outcome.NOT_COMPOSED}
"""Outcomes without a call to Slack, which therefore use no rate limit."""


@dataclass(frozen=True)
class SendResult:
    """The result of a try.

    ``ts`` identifies the message in Slack. ``retry_after`` is the pause that Slack asked for, or
    None. ``reason`` is for the operator.
    """

    outcome: Outcome
    ts: str | None = None
    retry_after: timedelta | None = None
    reason: str = ""
    duplicates_deleted: int = 0

    @property
    def lane_pause(self) -> timedelta:
        """How long the lane pauses after this try: a second, or as long as Slack asked for."""
        return NONE if self.outcome in UNCALLED else max(PACE, self.retry_after or PACE)

    @property
    def reached_slack(self) -> bool:
        """Whether Slack answered with anything but an error of its own."""
        return self.outcome not in (*UNCALLED, Outcome.NOT_SENT, Outcome.IN_DOUBT)


@dataclass(frozen=True)
class Try:
    """One try at a delivery, as it was at the start.

    ``number`` is the fencing token: results of older tries are ignored. ``wanted`` is the request
    count at the start. If ``looks``, an earlier try may have arrived and this one only searches.
    ``quiesce`` is how long this one may take to arrive if its answer is lost. ``probes`` says that
    Slack was failing at the start, so that the answer shows whether it still is.
    """

    number: int
    wanted: int
    looks: bool
    quiesce: timedelta
    probes: bool = False


def wait_after(failures: int) -> timedelta:
    """Return the exponential backoff after so many failures in a row, one minute at most."""
    return min(RETRY_AFTER * (1 << min(failures, 10)), RETRY_AT_MOST)
