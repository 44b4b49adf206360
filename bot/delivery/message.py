"""A message owed: how each kind of it begins, and what other than a try may end it."""

from datetime import datetime

from bot.delivery.kinds import Audience, Kind, State, card_key, home_key
from bot.delivery.trying import Trying
from bot.people import CaseId, ChannelId, UserId


class Delivery(Trying):
    """One message owed to one recipient.

    A note and a digest are sent once. A card and a Home tab are pictures: each is one
    delivery for life, owed again whenever what it shows has changed, and ``wanted`` counts
    how often it was asked for, so that a change made while it is under way is not missed.
    """

    @classmethod
    def of_card(cls, case: CaseId, channel: ChannelId, *, at: datetime) -> "Delivery":
        key = card_key(case)
        return cls(key, Kind.CARD, Audience.CHANNEL, channel, at, at, case=case)

    @classmethod
    def of_task(cls, case: CaseId, event: int, channel: ChannelId, *, at: datetime) -> "Delivery":
        key = f"case/{case}/task/{event}"
        return cls(key, Kind.TASK, Audience.CHANNEL, channel, at, at, case=case, event=event)

    @classmethod
    def of_note(
        cls,
        case: CaseId,
        event: int,
        audience: Audience,
        to: ChannelId,
        *,
        at: datetime,
        kind: Kind = Kind.NOTE,
    ) -> "Delivery":
        key = f"case/{case}/{event}/{audience}/{to}"
        return cls(key, kind, audience, to, at, at, case=case, event=event)

    @classmethod
    def of_home(cls, person: UserId, *, at: datetime) -> "Delivery":
        key = home_key(person)
        return cls(key, Kind.HOME, Audience.OWNER, ChannelId(person), at, at, lane=key)

    @classmethod
    def instead(cls, lost: "Delivery", to: ChannelId, *, at: datetime) -> "Delivery":
        """The same message, for somebody else."""
        since = f"/{lost.sent_at:%Y%m%dT%H%M%S}" if lost.sent_at else ""  # it was there before
        key = f"{lost.key}/instead/{to}{since}"
        return cls(key, Kind.INSTEAD, Audience.LEAD, to, at, at, case=lost.case, about=lost.key)

    @classmethod
    def question(cls, held: "Delivery", to: ChannelId, *, at: datetime) -> "Delivery":
        """Whether a message arrived that nobody lets us look for."""
        key = f"{held.key}/{held.tries}/question/{to}"
        return cls(key, Kind.QUESTION, Audience.LEAD, to, at, at, about=held.key)

    @classmethod
    def gathered(cls, nudges: list["Delivery"], *, at: datetime) -> "Delivery":
        """One message in the place of all these, which are settled with that."""
        first = nudges[0]
        audience = Audience.CHANNEL if first.audience is Audience.THREAD else first.audience
        key = f"gathered/{first.key}"
        for nudge in nudges:
            nudge.state, nudge.due_at, nudge.about = State.GATHERED, None, key
        return cls(key, Kind.GATHERED, audience, first.channel, first.owed_at, at)

    def confirm(self, *, at: datetime) -> None:
        """Somebody has seen it in its place."""
        self.sent_at = at
        self._end(State.CONFIRMED)

    def send_again(self, *, at: datetime) -> None:
        """Somebody has looked, and it is not there."""
        self._owe(at=at)
