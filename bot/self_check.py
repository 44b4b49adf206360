"""What must always be true of Baton's own work, and what its leads are told when it is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.delivery import Audience, Delivery, DeliveryKind
from bot.people import ChannelId, UserId

LATE = timedelta(seconds=90)
"""What was due is done by then, or something is wrong."""

IN_DOUBT_AT_MOST = timedelta(minutes=10)
SHOWN = 5


class Invariant(StrEnum):
    """Each is broken by the things that are found against it."""

    WATCHED = "watched"  # a case whose clock runs is looked at again
    LOOKED_AT = "looked_at"  # and in time
    SENT = "sent"  # a message that is due leaves
    CERTAIN = "certain"  # and it is not open for long whether it did
    PROVEN = "proven"  # a message that was sent is one of Slack's
    DIGESTED = "digested"  # a team's digest is made each day


WORDS = {
    Invariant.WATCHED: "have a clock that nobody watches. Press Update on each to start it again",
    Invariant.LOOKED_AT: "are due for a look, and had none. Is a worker running?",
    Invariant.SENT: "are due, and do not leave. Is a worker running, and Slack well?",
    Invariant.CERTAIN: "may or may not have arrived. Look for them in Slack",
    Invariant.PROVEN: "count as sent, but Slack gave them no place. Look for them in Slack",
    Invariant.DIGESTED: "miss a digest. The figures are in /baton",
}
THINGS = {
    Invariant.WATCHED: "cases",
    Invariant.LOOKED_AT: "cases",
    Invariant.DIGESTED: "teams",
}


@dataclass(eq=False)
class Finding:
    """That an invariant is broken: from when it was found until it was over."""

    key: str
    invariant: Invariant
    said: str
    found_at: datetime
    over_at: datetime | None = None

    @classmethod
    def of(cls, invariant: Invariant, things: Sequence[str], *, at: datetime) -> "Finding":
        named = ", ".join(things[:SHOWN]) + (" and more" if len(things) > SHOWN else "")
        words = f"{THINGS.get(invariant, 'messages')} {WORDS[invariant]}: {named}"
        return cls(f"finding/{invariant}/{at:%Y%m%dT%H%M%S}", invariant, words, at)

    def end(self, *, at: datetime) -> None:
        self.over_at = at

    def notifications(self, leads: Sequence[UserId], *, at: datetime) -> list[Delivery]:
        """A word to each lead: when it was found, and when it was over."""
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
    """What is new, and what is over; of what goes on, nobody is told twice."""
    new = [Finding.of(it, broken[it], at=at) for it in Invariant if broken[it] and it not in known]
    over = [finding for it, finding in known.items() if not broken[it]]
    for finding in over:
        finding.end(at=at)
    return new, over
