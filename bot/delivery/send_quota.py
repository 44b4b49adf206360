"""The send rate of a workspace, and whether messages may be sent from it at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

INTERVAL = timedelta(milliseconds=200)
"""300 messages a minute. Slack allows several hundred per app and workspace:
https://docs.slack.dev/apis/web-api/rate-limits
"""

BURST = 100
"""Messages that may go at once after a quiet time, because many cases come due in the same minute.
The busiest minute then has 400, which is still within Slack's several hundred.
"""
RESERVED_FOR_CHANNELS = 80
"""The part of a burst that low-priority messages leave to channel messages."""

PROBE_EVERY = timedelta(minutes=5)

ERRORS_OF_AN_OUTAGE = 5
"""Slack's errors in a row that count as an outage. Single errors are common, e.g. timeouts."""

TRY_EVERY = timedelta(seconds=15)
"""How often one message is tried during an outage."""

CATCHING_UP = timedelta(minutes=10)
"""How long after the last error late messages are still Slack's fault, not Baton's."""

LATER, LATEST = timedelta(seconds=15), timedelta(seconds=45)
"""Each message that arrives after a search missed it delays later searches by LATER, up to LATEST.
The cap keeps a nudge with a lost answer, which takes two searches, within two minutes.
"""


RESTORED = "restored"
"""Why nothing is sent: the database is older than messages in Slack. ``baton restored`` ends it."""


class Stamp(NamedTuple):
    """A number that each message carries, higher than those of all messages before it.

    If Slack has a message with a higher number than the database, the database was restored. Each
    database counts in a series of its own, and ``baton restored`` begins a new one.
    """

    series: str
    number: int


@dataclass(eq=False)
class SendQuota:
    """A workspace's send rate, shared by all workers through one database row.

    A token bucket: one message every 200 ms, in bursts of up to 100. It also closes for all
    workers when Slack rejects everything from this workspace, e.g. for a revoked token, and when
    the database was restored from a backup. And it is a circuit breaker: while Slack answers with
    errors, one message is tried every 15 seconds, so that the others are not left in doubt.
    """

    paced_until: datetime  # the time up to which the quota is used
    limited_until: datetime  # until then, some lane pauses at Slack's request
    shut_for: str = ""  # why Slack rejects everything; empty while it does not
    probe_at: datetime | None = None  # when to ask Slack again
    extra_quiesce: timedelta = timedelta(0)  # added to QUIESCE: see ``found_duplicate``
    series: str = ""  # of the stamps, see ``Stamp``
    number: int = 0  # of the last stamp
    errors: int = 0  # answers in a row that were errors on Slack's side
    outage_at: datetime | None = None  # the last error of the latest outage
    try_at: datetime | None = None  # during an outage, when to try the next message

    @property
    def outage(self) -> bool:
        """Whether Slack has answered with nothing but errors lately."""
        return self.errors >= ERRORS_OF_AN_OUTAGE

    def tries_allowed(self, *, at: datetime) -> int | None:
        """Return how many messages may be tried now because of an outage; None without one."""
        if not self.outage:
            return None
        return 1 if self.try_at is None or self.try_at <= at else 0

    def begin_try(self, *, at: datetime) -> None:
        """Let this worker try a message, and the next one in 15 seconds if it tells nothing."""
        if self.outage:
            self.try_at = at + TRY_EVERY

    def failed(self, *, at: datetime) -> None:
        """Note that Slack answered with an error, or not at all."""
        self.errors += 1
        if self.outage:
            self.outage_at = at
        self.begin_try(at=at)

    def answered(self, *, accepted: bool, at: datetime) -> None:
        """Note an answer after errors. ``accepted`` says that Slack took a message.

        An answer to a search only shows that Slack can be read, so the next message is a trial too.
        """
        if accepted:
            self.errors, self.try_at = 0, None
        else:
            self.try_at = at

    def reserve(self, wanted: int, *, low_priority: int = 0, at: datetime) -> int:
        """Reserve up to ``wanted`` sends and return how many are allowed now.

        The last ``low_priority`` of them leave 80 of the 100 burst slots to the others.
        """
        paced = max(self.paced_until, at - BURST * INTERVAL)
        free = max(0, (at - paced) // INTERVAL)
        allowed = min(wanted - low_priority, free)
        allowed += max(0, min(low_priority, free - allowed - RESERVED_FOR_CHANNELS))
        self.paced_until = paced + allowed * INTERVAL
        return allowed

    def next_stamp(self) -> Stamp:
        """Return the stamp of the messages that are leased next."""
        self.number += 1
        return Stamp(self.series, self.number)

    def is_older_than(self, sent: Stamp) -> bool:
        """Return whether the database was restored: it does not know this message of its own."""
        return bool(self.series) and sent.series == self.series and sent.number > self.number

    def hold(self) -> None:
        """Stop all sends, because the database was restored from a backup."""
        self.shut_for, self.probe_at = RESTORED, None

    def slow_down(self, wait: timedelta, *, at: datetime) -> None:
        """Note that Slack rate-limited a lane for ``wait``.

        If another lane is already limited, the limit is the workspace's, so all lanes pause.
        """
        if self.limited_until > at:
            self.paced_until = max(self.paced_until, at + wait)
        self.limited_until = max(self.limited_until, at + wait)

    def shut(self, why: str, *, at: datetime) -> None:
        """Stop all sends, because Slack rejects everything from this workspace."""
        if self.shut_for == RESTORED:
            return
        if not self.shut_for:
            self.probe_at = at + PROBE_EVERY
        self.shut_for = why

    def probe(self, *, at: datetime) -> None:
        """Let this worker ask Slack now, and the next one in five minutes."""
        self.probe_at = at + PROBE_EVERY

    def found_duplicate(self) -> None:
        """Search later from now on: a message was sent again too early and is there twice."""
        self.extra_quiesce = min(self.extra_quiesce + LATER, LATEST)

    def open(self) -> None:
        """Allow sends again."""
        self.shut_for, self.probe_at = "", None
