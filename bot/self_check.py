"""Invariants of Baton's own work, and the findings that report when one is broken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.delivery import Audience, Delivery, DeliveryKind
from bot.messages import N_, Sentence
from bot.people import ChannelId, UserId

LATE = timedelta(seconds=90)
"""Work that is still not done this long after it was due is a fault."""

IN_DOUBT_AT_MOST = timedelta(minutes=10)
SHOWN = 5  # names in a finding


class Invariant(StrEnum):
    """A condition that always holds while Baton works as it should."""

    WATCHED = "watched"  # a case with a running clock has a next check
    LOOKED_AT = "looked_at"  # and that check is not late
    SENT = "sent"  # a message that is due is sent
    CERTAIN = "certain"  # and does not stay in doubt for long
    PROVEN = "proven"  # a sent message has a Slack timestamp
    DIGESTED = "digested"  # every team gets its daily digest
    READABLE = "readable"  # this version can read every case that is due


NEEDS_TIME = {Invariant.LOOKED_AT, Invariant.SENT, Invariant.CERTAIN, Invariant.DIGESTED}
"""Invariants about late work: broken for a moment after a start, or when the clock jumps ahead."""

MESSAGES = {
    Invariant.WATCHED: N_(
        "Clocks have stopped on these cases: {names}. Click Update on each to restart them."
    ),
    Invariant.LOOKED_AT: N_("Checks are late for these cases: {names}. Is a worker running?"),
    Invariant.SENT: N_(
        "These messages are due but have not been sent: {names}. Is a worker running, and is "
        "Slack up?"
    ),
    Invariant.CERTAIN: N_(
        "These messages may or may not have arrived: {names}. Check for them in Slack."
    ),
    Invariant.PROVEN: N_(
        "These messages count as sent, but Slack returned no message id: {names}. Check for "
        "them in Slack."
    ),
    Invariant.DIGESTED: N_(
        "These teams are missing a digest: {names}. Their figures are in /baton report."
    ),
    Invariant.READABLE: N_(
        "This version of Baton cannot read these cases: {names}. Their reminders wait. Install "
        "the newest version of Baton."
    ),
}
AND_MORE = N_("{names} and more")


@dataclass(eq=False)
class Finding:
    """A broken invariant, from when it was found until it holds again."""

    key: str
    invariant: Invariant
    said: str  # the sentence that people read, in English
    found_at: datetime
    over_at: datetime | None = None

    @classmethod
    def of(cls, invariant: Invariant, things: Sequence[str], *, at: datetime) -> "Finding":
        """Return a new finding that names the first few of the affected ``things``."""
        names = ", ".join(things[:SHOWN])
        if len(things) > SHOWN:
            names = str(Sentence.of(AND_MORE, names=names))
        sentence = Sentence.of(MESSAGES[invariant], names=names)
        return cls(f"finding/{invariant}/{at:%Y%m%dT%H%M%S}", invariant, str(sentence), at)

    def end(self, *, at: datetime) -> None:
        """Mark the finding as over."""
        self.over_at = at

    def notifications(self, leads: Sequence[UserId], *, at: datetime) -> list[Delivery]:
        """Return one message to each lead: that it was found, or that it is over."""
        step = "over" if self.over_at is not None else "found"
        return [
            Delivery(
                f"{self.key}/{step}/{lead}",
                DeliveryKind.FINDING,
                Audience.LEAD,
                ChannelId(lead),
                at,
                at,
            )
            for lead in leads
        ]


def compare(
    known: Mapping[Invariant, Finding],
    broken: Mapping[Invariant, Sequence[str]],
    *,
    at: datetime,
) -> tuple[list[Finding], list[Finding]]:
    """Return the new findings and those that are over, which are marked so.

    A finding that persists is in neither list, so each is announced once. An invariant that is not
    in ``broken`` was not checked: its finding stays as it is.
    """
    new = [
        Finding.of(it, names, at=at) for it, names in broken.items() if names and it not in known
    ]
    over = [finding for it, finding in known.items() if it in broken and not broken[it]]
    for finding in over:
        finding.end(at=at)
    return new, over
