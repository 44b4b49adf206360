"""A message owed, from due to settled."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.people import CaseId, ChannelId, UserId

QUIESCE = timedelta(seconds=45)
"""How long a lost reply may still turn up in Slack's history: look no sooner than this."""

BROKEN_AT_MOST = 5
PACE = timedelta(seconds=1)
"""Slack takes about one message a second in a channel."""

NONE = timedelta(0)
RETRY_AFTER = timedelta(seconds=2)
RETRY_AT_MOST = timedelta(minutes=5)


class Kind(StrEnum):
    """What is sent, and so who renders it."""

    CARD = "card"  # a case's one message in the channel: a picture of its newest state
    NOTE = "note"  # one event, told to one audience
    DIGEST = "digest"
    FINDING = "finding"  # something wrong with Baton's own work, told to a lead
    HOME = "home"  # a person's Home tab: a picture of its newest state


class Audience(StrEnum):
    """Who reads it: the words differ."""

    CHANNEL = "channel"
    THREAD = "thread"
    REPORTER = "reporter"
    FOLLOWER = "follower"  # who reported a case that was merged into it, or chose to follow it
    OWNER = "owner"
    LEAD = "lead"
    NAMED = "named"  # whom the event is about, or a level names


class State(StrEnum):
    OWED = "owed"
    SENDING = "sending"  # found so in a lane that is free again: cut short, and so in doubt
    IN_DOUBT = "in_doubt"
    SENT = "sent"
    DROPPED = "dropped"  # no longer true when its turn came
    REFUSED = "refused"


class Outcome(StrEnum):
    """What came of one try."""

    SENT = "sent"
    NOT_SENT = "not_sent"  # Slack does not have it
    IN_DOUBT = "in_doubt"  # Slack may have it: look before trying again
    BROKEN = "broken"  # nobody foresaw this: look before trying again, and not for ever
    REFUSED = "refused"  # Slack will never take it
    DROPPED = "dropped"  # nobody needs it any more


@dataclass(frozen=True)
class Answer:
    """What Slack made of a try.

    ``ts`` is the message it became; ``retry_after`` is how long Slack asked us to keep
    off, and None where it did not say; ``reason`` is for the operator.
    """

    outcome: Outcome
    ts: str | None = None
    retry_after: timedelta | None = None
    reason: str = ""

    @property
    def lane_rests(self) -> timedelta:
        """How long the lane stays shut after this try: Slack takes one message a second."""
        return max(PACE, self.retry_after or PACE) if self.outcome is not Outcome.DROPPED else NONE


@dataclass(frozen=True)
class Try:
    """One try at a delivery, as it was when it began.

    ``number`` is its fence: what a sender says of an older try is not heard. ``in_doubt``
    says that an earlier try may have arrived, so that the sender looks first.
    """

    number: int
    wanted: int
    in_doubt: bool


def home_key(person: UserId) -> str:
    return f"home/{person}"


@dataclass(eq=False)
class Delivery:
    """One message owed to one recipient.

    A note and a digest are sent once. A card and a Home tab are pictures: each is one
    delivery for life, owed again whenever what it shows has changed, and ``wanted`` counts
    how often it was asked for, so that a change made while it is under way is not missed.
    """

    key: str  # unique in its workspace: owed twice is one message
    kind: Kind
    audience: Audience
    channel: ChannelId  # its lane, too
    owed_at: datetime
    due_at: datetime | None  # not before; None once settled
    case: CaseId | None = None
    event: int = 0  # the number of the event that it tells of
    state: State = State.OWED
    wanted: int = 1
    tries: int = 0
    failures: int = 0  # in a row
    first_tried_at: datetime | None = None
    ts: str | None = None
    reason: str = ""

    @classmethod
    def of_card(cls, case: CaseId, channel: ChannelId, *, at: datetime) -> "Delivery":
        key = f"case/{case}/card"
        return cls(key, Kind.CARD, Audience.CHANNEL, channel, at, at, case=case)

    @classmethod
    def of_note(
        cls, case: CaseId, event: int, audience: Audience, to: ChannelId, *, at: datetime
    ) -> "Delivery":
        key = f"case/{case}/{event}/{audience}/{to}"
        return cls(key, Kind.NOTE, audience, to, at, at, case=case, event=event)

    @classmethod
    def of_home(cls, person: UserId, *, at: datetime) -> "Delivery":
        lane = ChannelId(f"home:{person}")
        return cls(home_key(person), Kind.HOME, Audience.OWNER, lane, at, at)

    def owe_again(self, *, at: datetime) -> None:
        """A picture has a newer state to show."""
        self.wanted += 1
        if self.due_at is None:
            self.state, self.owed_at, self.due_at = State.OWED, at, at

    def begin(self, *, at: datetime) -> Try:
        in_doubt = self.state in (State.SENDING, State.IN_DOUBT)
        self.state = State.SENDING
        self.tries += 1
        self.first_tried_at = self.first_tried_at or at
        return Try(self.tries, self.wanted, in_doubt)

    def settle(self, attempt: Try, answer: Answer, *, at: datetime) -> bool:
        """End a try: done with, or due again. False if another sender has taken over since."""
        if attempt.number != self.tries or self.state is not State.SENDING:
            return False
        self.reason = answer.reason
        match answer.outcome:
            case Outcome.SENT:
                self.ts = answer.ts or self.ts
                self._end(State.SENT)
                found = attempt.in_doubt and self.kind is Kind.CARD  # it may show an older state
                if found or self.wanted > attempt.wanted:
                    self.state, self.owed_at, self.due_at = State.OWED, at, at
            case Outcome.REFUSED:
                self._end(State.REFUSED)
            case Outcome.DROPPED:
                self._end(State.DROPPED)
            case Outcome.IN_DOUBT:
                self.state, self.due_at = State.IN_DOUBT, at + QUIESCE
            case Outcome.BROKEN:
                self.failures += 1
                self.state, self.due_at = State.IN_DOUBT, at + QUIESCE
                if self.failures >= BROKEN_AT_MOST:  # the rest of the lane must get there
                    self._end(State.REFUSED)
            case Outcome.NOT_SENT:
                self.failures += 1
                self.state, self.due_at = State.OWED, at + self._wait(answer)
                self.first_tried_at = None
        return True

    def _end(self, state: State) -> None:
        self.state, self.due_at, self.failures, self.first_tried_at = state, None, 0, None

    def _wait(self, answer: Answer) -> timedelta:
        if answer.retry_after is not None:
            return answer.retry_after
        return min(RETRY_AFTER * (1 << min(self.failures, 10)), RETRY_AT_MOST)
