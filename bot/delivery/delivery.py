"""A message in the outbox: from the moment it is queued until it is sent or given up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.kinds import (
    ASKED_ABOUT,
    BACKGROUND_EDITS,
    EDITS,
    PICTURES,
    REPEATED_WHEN_BLIND,
    Audience,
    DeliveryKind,
    State,
    card_key,
    home_key,
)
from bot.delivery.tries import (
    DOUBT_AT_MOST,
    HINDSIGHT,
    LOOK_AGAIN,
    LOOKS_NEEDED,
    NONE,
    PACE,
    QUIESCE,
    SWEEP_AGAIN,
    TRIES_AT_MOST,
    Outcome,
    SendResult,
    Try,
    wait_after,
)
from bot.people import CaseId, ChannelId, UserId

INSTANT = timedelta(microseconds=1)
YIELD_FOR = timedelta(seconds=10)
"""So long what is owed to one person lets a channel's go first, where all cannot go at once: that
a whole team knows counts for more.
"""


@dataclass(eq=False)
class Delivery:
    """One message owed to one recipient.

    A note and a digest are sent once. A card and a Home tab are pictures: each is one
    delivery for life, owed again whenever what it shows has changed, and ``wanted`` counts
    how often it was asked for, so that a change made while it is under way is not missed.
    """

    key: str  # unique in its workspace: owed twice is one message
    kind: DeliveryKind
    audience: Audience
    channel: ChannelId
    queued_at: datetime  # its place in its lane
    due_at: datetime | None  # not before; None once settled
    case: CaseId | None = None
    event: int = 0  # the number of the event that it tells of
    about: str = ""  # the key of another delivery that this one stands for, or is part of
    lane: str = ""  # where it waits for its turn: its channel, unless something else is said
    state: State = State.QUEUED
    wanted: int = 1
    tries: int = 0
    failures: int = 0  # in a row
    looks: int = 0  # that have not found it, since it was tried last
    tried_at: datetime | None = None  # when it was last given to Slack
    lost_at: datetime | None = None  # when it was first given to Slack without an answer
    sent_at: datetime | None = None
    sweep_at: datetime | None = None  # when to look for a twin of it
    generation: int = 1  # a card that somebody deleted is posted anew, as another message
    repeated: bool = False  # it is marked as one that may have arrived already
    ts: str | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        self.lane = self.lane or self.channel

    @property
    def lanes(self) -> set[str]:
        """Where it waits, or will."""
        return {self.lane, EDITS, BACKGROUND_EDITS} if self.kind in PICTURES else {self.lane}

    @property
    def is_for_one(self) -> bool:
        """Whether it goes to a person, and not to a channel."""
        return self.channel.startswith(("U", "W"))

    def yields_to_channels(self, *, at: datetime) -> bool:
        """A Home tab does not, in its own lane: its person looks at it."""
        return self.lane.startswith(("U", "W")) and self.queued_at > at - YIELD_FOR

    @property
    def is_repeatable(self) -> bool:
        """Whether to do it again comes to the same end, so that a lost answer is no doubt."""
        return self.kind is DeliveryKind.HOME or self.ts is not None

    @property
    def is_in_doubt(self) -> bool:
        return self.state in (State.SENDING, State.IN_DOUBT) and not self.is_repeatable

    def go_before(self, other: "Delivery") -> None:
        """Take a place in their lane that is before the other's."""
        self.queued_at = other.queued_at - INSTANT

    @property
    def look_from(self) -> datetime:
        """The earliest instant at which a try that still matters could have arrived."""
        return (self.lost_at or self.tried_at or self.queued_at) - HINDSIGHT

    @classmethod
    def of_card(cls, case: CaseId, channel: ChannelId, *, at: datetime) -> "Delivery":
        key = card_key(case)
        return cls(key, DeliveryKind.CARD, Audience.CHANNEL, channel, at, at, case=case)

    @classmethod
    def of_task(cls, case: CaseId, event: int, channel: ChannelId, *, at: datetime) -> "Delivery":
        key = f"case/{case}/task/{event}"
        return cls(
            key, DeliveryKind.TASK, Audience.CHANNEL, channel, at, at, case=case, event=event
        )

    @classmethod
    def of_note(
        cls,
        case: CaseId,
        event: int,
        audience: Audience,
        to: ChannelId,
        *,
        at: datetime,
        kind: DeliveryKind = DeliveryKind.NOTE,
    ) -> "Delivery":
        key = f"case/{case}/{event}/{audience}/{to}"
        return cls(key, kind, audience, to, at, at, case=case, event=event)

    @classmethod
    def of_home(cls, person: UserId, *, at: datetime) -> "Delivery":
        key = home_key(person)
        return cls(key, DeliveryKind.HOME, Audience.OWNER, ChannelId(person), at, at, lane=key)

    @classmethod
    def instead(cls, lost: "Delivery", to: ChannelId, *, at: datetime) -> "Delivery":
        """The same message, for somebody else."""
        since = f"/{lost.sent_at:%Y%m%dT%H%M%S}" if lost.sent_at else ""  # it was there before
        key = f"{lost.key}/instead/{to}{since}"
        return cls(
            key, DeliveryKind.INSTEAD, Audience.LEAD, to, at, at, case=lost.case, about=lost.key
        )

    @classmethod
    def question(cls, held: "Delivery", to: ChannelId, *, at: datetime) -> "Delivery":
        """Whether a message arrived that nobody lets us look for."""
        key = f"{held.key}/{held.tries}/question/{to}"
        return cls(key, DeliveryKind.QUESTION, Audience.LEAD, to, at, at, about=held.key)

    @classmethod
    def gathered(cls, nudges: list["Delivery"], *, at: datetime) -> "Delivery":
        """One message in the place of all these, which are settled with that."""
        first = nudges[0]
        audience = Audience.CHANNEL if first.audience is Audience.THREAD else first.audience
        key = f"gathered/{first.key}"
        for nudge in nudges:
            nudge.state, nudge.due_at, nudge.about = State.GATHERED, None, key
        return cls(key, DeliveryKind.GATHERED, audience, first.channel, first.queued_at, at)

    def confirm(self, *, at: datetime) -> None:
        """Somebody has seen it in its place."""
        self.sent_at = at
        self._end(State.CONFIRMED)

    def send_again(self, *, at: datetime) -> None:
        """Somebody has looked, and it is not there."""
        self._queue(at=at)

    def begin(self, *, at: datetime, extra_quiesce: timedelta = NONE) -> Try:
        """Start a try. ``extra_quiesce`` is how much later than usual messages have arrived."""
        if looks := self.is_in_doubt:
            self.lost_at = self.lost_at or self.tried_at
        else:
            self.tried_at, self.looks = at, 0
        self.state = State.SENDING
        self.tries += 1
        return Try(self.tries, self.wanted, looks, QUIESCE + extra_quiesce)

    def settle(self, attempt: Try, answer: SendResult, *, at: datetime) -> bool:
        """End a try: done with, or due again. False if another sender has taken over since."""
        if attempt.number != self.tries or self.state is not State.SENDING:
            return False
        self.reason = answer.reason
        RULES[answer.outcome](self, attempt, answer, at)
        return True

    def swept(self, answer: SendResult, *, at: datetime) -> None:
        """Slack was looked through for twins, and of those found the first was left."""
        over = (self.sent_at or at) + SWEEP_AGAIN
        if answer.outcome in (Outcome.IN_DOUBT, Outcome.SHUT):  # Slack cannot be asked just now
            self.sweep_at = at + LOOK_AGAIN if at < over + DOUBT_AT_MOST else None
            return
        self.sweep_at = over if at < over else None
        if answer.outcome is Outcome.SENT and answer.ts != self.ts:
            self.ts = answer.ts
            if self.kind in PICTURES:  # it may show an older state
                self.request_update(at=at)

    def request_update(self, *, at: datetime, background: bool = False) -> None:
        """Ask for an edit, because what the picture shows has changed.

        A ``background`` update is one that only time has caused: it waits behind what people did.
        """
        self.wanted += 1
        if self.lane in (EDITS, BACKGROUND_EDITS) and self.state is not State.SENDING:
            self.lane = (
                BACKGROUND_EDITS
                if background and (self.due_at is None or self.lane == BACKGROUND_EDITS)
                else EDITS
            )
        if self.due_at is None and self.state is not State.HELD:
            self._queue(at=at)

    def rests_after(self, answer: SendResult) -> timedelta:
        """How long its lane stays shut after a try."""
        rests = answer.lane_rests
        return max(rests, 2 * PACE) if self.lane == BACKGROUND_EDITS and rests else rests

    def renew(self, *, at: datetime) -> None:
        """Somebody deleted the card: post it anew, as another message."""
        self.ts, self.generation, self.lane = None, self.generation + 1, self.channel
        self.lost_at = self.sweep_at = None
        self._queue(at=at)

    def _queue(self, *, at: datetime) -> None:
        self.state, self.queued_at, self.due_at, self.failures = State.QUEUED, at, at, 0

    def _end(self, state: State) -> None:
        self.state, self.due_at, self.failures, self.lost_at = state, None, 0, None

    def _sent(self, attempt: Try, answer: SendResult, at: datetime) -> None:
        lost_at, was_edited = self.lost_at, self.is_repeatable
        self._end(State.SENT)
        self.ts, self.sent_at = answer.ts or self.ts, at
        if self.kind in PICTURES:
            self.lane = EDITS
        found = attempt.looks and self.kind in PICTURES  # it may show an older state
        if found or self.wanted > attempt.wanted:
            self._queue(at=at)
        elif was_edited and lost_at:  # an older edit may still come, and cover this one
            self._queue(at=at + attempt.quiesce)
        if not was_edited and lost_at and self.tried_at and lost_at < self.tried_at:
            self.sweep_at = at + attempt.quiesce

    def _not_sent(self, attempt: Try, answer: SendResult, at: datetime) -> None:
        self.failures += 1
        wait = answer.retry_after if answer.retry_after is not None else wait_after(self.failures)
        self.state, self.due_at = State.QUEUED, at + wait
        if self.is_repeatable:
            self.queued_at = self.due_at  # the others in its lane do not wait for it
        if (
            self.lane == BACKGROUND_EDITS and self.wanted > attempt.wanted
        ):  # somebody may have acted meanwhile
            self.lane = EDITS

    def _unwritten(self, attempt: Try, answer: SendResult, at: datetime) -> None:
        self._not_sent(attempt, answer, at)
        self._give_up_in_the_end()

    def _in_doubt(self, attempt: Try, answer: SendResult, at: datetime) -> None:
        if not attempt.looks:
            self.lost_at = self.lost_at or self.tried_at
        if self.is_repeatable:
            self._not_sent(attempt, answer, at)
        elif not attempt.looks:
            self.failures += 1
            self.state, self.due_at = State.IN_DOUBT, at + attempt.quiesce
        elif self.tried_at is not None and at >= self.tried_at + DOUBT_AT_MOST:
            self._blind(attempt, answer, at)
        else:
            self.state, self.due_at = State.IN_DOUBT, at + (answer.retry_after or LOOK_AGAIN)

    def _odd(self, attempt: Try, answer: SendResult, at: datetime) -> None:
        self._in_doubt(attempt, answer, at)
        self._give_up_in_the_end()

    def _absent(self, _attempt: Try, _answer: SendResult, at: datetime) -> None:
        self.looks += 1
        if self.looks < LOOKS_NEEDED:
            self.state, self.due_at = State.IN_DOUBT, at + LOOK_AGAIN
            return
        self.state, self.due_at = State.QUEUED, at
        if self.failures >= TRIES_AT_MOST:  # the rest of its lane does not wait any more
            self.queued_at = at

    def _blind(self, _attempt: Try, _answer: SendResult, at: datetime) -> None:
        if self.kind in REPEATED_WHEN_BLIND and not self.repeated:
            self.repeated, self.state, self.due_at = True, State.QUEUED, at
        else:
            self._end(State.HELD if self.kind in ASKED_ABOUT else State.UNREACHABLE)

    def _shut(self, attempt: Try, _answer: SendResult, at: datetime) -> None:
        self.state = State.IN_DOUBT if attempt.looks else State.QUEUED
        self.due_at = at

    def _gone(self, _attempt: Try, _answer: SendResult, at: datetime) -> None:
        if self.kind in PICTURES:
            self.renew(at=at)
            return
        if self.ts is not None:  # it was to say something else, and is gone itself
            self._end(State.DROPPED)
            return
        self.failures += 1
        self.state, self.due_at = State.QUEUED, at + PACE
        self._give_up_in_the_end()

    def _later(self, _attempt: Try, _answer: SendResult, at: datetime) -> None:
        self.state, self.queued_at, self.due_at = State.QUEUED, at, at + PACE

    def _refused(self, _attempt: Try, _answer: SendResult, at: datetime) -> None:
        self._end(State.REFUSED)

    def _unreachable(self, _attempt: Try, _answer: SendResult, at: datetime) -> None:
        self._end(State.UNREACHABLE)

    def _dropped(self, _attempt: Try, _answer: SendResult, at: datetime) -> None:
        self._end(State.DROPPED)

    def _give_up_in_the_end(self) -> None:
        if self.failures >= TRIES_AT_MOST:  # the rest of the lane must get there
            self._end(State.REFUSED)


RULES: dict[Outcome, Callable[[Delivery, Try, SendResult, datetime], None]] = {
    Outcome.SENT: Delivery._sent,
    Outcome.NOT_SENT: Delivery._not_sent,
    Outcome.UNWRITTEN: Delivery._unwritten,
    Outcome.IN_DOUBT: Delivery._in_doubt,
    Outcome.ODD: Delivery._odd,
    Outcome.ABSENT: Delivery._absent,
    Outcome.BLIND: Delivery._blind,
    Outcome.SHUT: Delivery._shut,
    Outcome.GONE: Delivery._gone,
    Outcome.LATER: Delivery._later,
    Outcome.REFUSED: Delivery._refused,
    Outcome.UNREACHABLE: Delivery._unreachable,
    Outcome.DROPPED: Delivery._dropped,
    Outcome.NOT_THEIRS: Delivery._dropped,
}
