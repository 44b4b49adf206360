"""A message in the outbox, from when it is queued until it is sent or given up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.kinds import (
    ASKED_ABOUT,
    BACKGROUND_EDITS,
    EDITED_IN_PLACE,
    EDITS,
    REDACTIONS,
    REPEATED_WHEN_BLIND,
    Audience,
    DeliveryKind,
    State,
    card_key,
    home_key,
)
from bot.delivery.tries import (
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
from bot.people import CaseId, ChannelId, UserId, is_person

INSTANT = timedelta(microseconds=1)
YIELD_FOR = timedelta(seconds=10)
"""How long a person's messages yield to channel messages when the send quota is short: what a whole
team reads comes first.
"""


@dataclass(eq=False)
class Delivery:
    """One message to one recipient.

    Notes and digests are sent once. Cards, tasks and Home tabs show the newest state: each is a
    single delivery that is queued again whenever that state changes. ``wanted`` counts the
    requests, so that a change during a send is not missed.
    """

    key: str  # unique in its workspace, so a message is never queued twice
    kind: DeliveryKind
    audience: Audience
    channel: ChannelId
    queued_at: datetime  # decides its place in its lane
    due_at: datetime | None  # not sent before; None once settled
    case: CaseId | None = None
    event: int = 0  # the number of the event that it reports
    about: str = ""  # the key of the delivery that this one replaces or is part of
    lane: str = ""  # the queue that it waits in; defaults to its channel
    state: State = State.QUEUED
    wanted: int = 1
    tries: int = 0
    failures: int = 0  # in a row
    looks: int = 0  # searches that did not find it since the last send
    tried_at: datetime | None = None  # when it was last sent to Slack
    lost_at: datetime | None = None  # when it was first sent to Slack without getting an answer
    sent_at: datetime | None = None
    sweep_at: datetime | None = None  # when to search for duplicates of it
    generation: int = 1  # incremented when a deleted card is posted again
    repeated: bool = False  # it may be a duplicate, and says so
    redacted: bool = False  # its newest version hides what a restricted case says
    ts: str | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        self.lane = self.lane or self.channel

    @property
    def lanes(self) -> set[str]:
        """The lanes that it waits in now or may move to. A redaction opens its own."""
        return {self.lane, EDITS, BACKGROUND_EDITS} if self.kind in EDITED_IN_PLACE else {self.lane}

    @property
    def is_direct_message(self) -> bool:
        """Whether it goes to a person rather than to a channel."""
        return is_person(self.channel)

    def yields_to_channels(self, *, at: datetime) -> bool:
        """Return whether channel messages go first when the send quota is short.

        A Home tab has its own lane and does not yield: its reader is looking at it.
        """
        return is_person(self.lane) and self.queued_at > at - YIELD_FOR

    @property
    def is_repeatable(self) -> bool:
        """Whether sending it again is idempotent, so that a lost answer leaves no doubt."""
        return self.kind is DeliveryKind.HOME or self.ts is not None

    @property
    def is_in_doubt(self) -> bool:
        """Whether it may have arrived already, so that sending it again could duplicate it."""
        return self.state in (State.SENDING, State.IN_DOUBT) and not self.is_repeatable

    def go_before(self, other: "Delivery") -> None:
        """Move ahead of another delivery in the same lane."""
        self.queued_at = other.queued_at - INSTANT

    @property
    def look_from(self) -> datetime:
        """The instant from which a search has to look for the message."""
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
    def of_replies(cls, case: CaseId, event: int, to: ChannelId, *, at: datetime) -> "Delivery":
        key = f"case/{case}/{event}/replies/{to}"
        return cls(key, DeliveryKind.REPLIES, Audience.NAMED, to, at, at, case=case, event=event)

    @classmethod
    def of_home(cls, person: UserId, *, at: datetime) -> "Delivery":
        key = home_key(person)
        return cls(key, DeliveryKind.HOME, Audience.OWNER, ChannelId(person), at, at, lane=key)

    @classmethod
    def instead(cls, lost: "Delivery", to: ChannelId, *, at: datetime) -> "Delivery":
        """Return a copy of an undeliverable message for another recipient."""
        since = f"/{lost.sent_at:%Y%m%dT%H%M%S}" if lost.sent_at else ""  # it was posted, then lost
        key = f"{lost.key}/instead/{to}{since}"
        return cls(
            key, DeliveryKind.INSTEAD, Audience.LEAD, to, at, at, case=lost.case, about=lost.key
        )

    @classmethod
    def question(cls, held: "Delivery", to: ChannelId, *, at: datetime) -> "Delivery":
        """Return a question to a lead: did the message arrive? Slack does not let us check."""
        key = f"{held.key}/{held.tries}/question/{to}"
        return cls(key, DeliveryKind.QUESTION, Audience.LEAD, to, at, at, about=held.key)

    @classmethod
    def of_shared(cls, channel: ChannelId, lead: UserId, *, at: datetime) -> "Delivery":
        """Return a warning to a lead: people of another company can read the channel."""
        key = f"shared/{channel}/{at:%Y%m%dT%H%M%S}/{lead}"
        to = ChannelId(lead)
        return cls(key, DeliveryKind.SHARED, Audience.LEAD, to, at, at, about=channel)

    @classmethod
    def gathered(cls, nudges: list["Delivery"], *, at: datetime) -> "Delivery":
        """Return one message that replaces the nudges, which are settled by that."""
        first = nudges[0]
        audience = Audience.CHANNEL if first.audience is Audience.THREAD else first.audience
        key = f"gathered/{first.key}"
        for nudge in nudges:
            nudge.state, nudge.due_at, nudge.about = State.GATHERED, None, key
        return cls(key, DeliveryKind.GATHERED, audience, first.channel, first.queued_at, at)

    def confirm(self, *, at: datetime) -> None:
        """Settle it as arrived: a lead has seen it in the channel."""
        self.sent_at = at
        self._end(State.CONFIRMED)

    def send_again(self, *, at: datetime) -> None:
        """Queue it again: a lead has checked that it did not arrive."""
        self._queue(at=at)

    def begin(self, *, at: datetime, extra_quiesce: timedelta = NONE) -> Try:
        """Start a try: a send, or a search if an earlier send is in doubt.

        ``extra_quiesce`` is added to the usual time that a late message may take to arrive.
        """
        if looks := self.is_in_doubt:
            self.lost_at = self.lost_at or self.tried_at
        else:
            self.tried_at, self.looks = at, 0
        self.state = State.SENDING
        self.tries += 1
        return Try(self.tries, self.wanted, looks, QUIESCE + extra_quiesce)

    def settle(self, attempt: Try, answer: SendResult, *, at: datetime) -> bool:
        """Apply the result of a try. Return False, changing nothing, if another worker took over.

        A worker whose lease expired may answer late; the number of the try is the fencing token.
        """
        if attempt.number != self.tries or self.state is not State.SENDING:
            return False
        self.reason = answer.reason
        RULES[answer.outcome](self, attempt, answer, at)
        return True

    def swept(self, answer: SendResult, *, at: datetime) -> None:
        """Apply the result of a sweep: a search for duplicates that keeps only the first copy."""
        if answer.outcome in (Outcome.IN_DOUBT, Outcome.WORKSPACE_REJECTED):
            self.sweep_at = at + LOOK_AGAIN  # for as long as Slack answers with errors
            return
        over = (self.sent_at or at) + SWEEP_AGAIN
        self.sweep_at = over if at < over else None
        if answer.outcome is Outcome.SENT and answer.ts != self.ts:
            self.ts = answer.ts
            if self.redacted:  # the copy that was kept may be older
                self.redact(hidden=True, at=at)
            elif self._has_versions:
                self.request_update(at=at)

    def request_update(self, *, at: datetime, background: bool = False) -> None:
        """Queue an edit, because the state that the message shows has changed.

        A ``background`` update is caused by time alone and waits behind updates caused by people.
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

    def redact(self, *, hidden: bool, at: datetime) -> None:
        """Hide what a restricted case says from the reader, or show it again.

        A message in Slack is edited; one that may be on its way there, as soon as it is found. The
        others show the newest state anyway when they are sent.
        """
        self.redacted = hidden
        self.wanted += 1
        if self.ts is not None and self.state is not State.SENDING:
            self._queue_edit(at=at)

    def pause_after(self, answer: SendResult) -> timedelta:
        """Return how long its lane pauses after a try.

        Background edits go at half the pace, to leave Slack's rate limit to what people do.
        """
        rests = answer.lane_pause
        return max(rests, 2 * PACE) if self.lane == BACKGROUND_EDITS and rests else rests

    def withdraw(self) -> None:
        """Do not send it, unless it has been sent already."""
        if self.due_at is not None:
            self._end(State.DROPPED)

    def renew(self, *, at: datetime) -> None:
        """Post it as a new message, because the old one was deleted in Slack."""
        self.ts, self.generation, self.lane = None, self.generation + 1, self.channel
        self.lost_at = self.sweep_at = None
        self._queue(at=at)

    @property
    def _has_versions(self) -> bool:
        """Whether a copy that a search finds may show an older state than the newest."""
        return self.kind in EDITED_IN_PLACE or self.wanted > 1

    def _queue_edit(self, *, at: datetime) -> None:
        if self.ts is not None:  # a Home tab has none, and keeps its own lane
            self.lane = REDACTIONS if self.redacted else EDITS
        self._queue(at=at)

    def _queue(self, *, at: datetime) -> None:
        self.state, self.queued_at, self.due_at, self.failures = State.QUEUED, at, at, 0

    def _end(self, state: State) -> None:
        self.state, self.due_at, self.failures, self.lost_at = state, None, 0, None

    def _sent(self, attempt: Try, answer: SendResult, at: datetime) -> None:
        lost_at, was_edited = self.lost_at, self.is_repeatable
        self._end(State.SENT)
        self.ts, self.sent_at = answer.ts or self.ts, at
        if self.kind in EDITED_IN_PLACE:
            self.lane = EDITS
        if (attempt.looks and self._has_versions) or self.wanted > attempt.wanted:
            self._queue_edit(at=at)
        elif was_edited and lost_at:  # a late older edit could still overwrite this one
            self._queue(at=at + attempt.quiesce)
        # It was sent again after a lost answer: the first copy may still arrive.
        if not was_edited and lost_at and self.tried_at and lost_at < self.tried_at:
            self.sweep_at = at + attempt.quiesce

    def _not_sent(self, attempt: Try, answer: SendResult, at: datetime) -> None:
        self.failures += 1
        wait = answer.retry_after if answer.retry_after is not None else wait_after(self.failures)
        self.state, self.due_at = State.QUEUED, at + wait
        if self.is_repeatable:
            self.queued_at = self.due_at  # do not block the rest of its lane
        # The state changed during the send, perhaps through a person: leave the background lane.
        if self.ts is not None and self.wanted > attempt.wanted:
            self.lane = REDACTIONS if self.redacted else EDITS

    def _not_composed(self, attempt: Try, answer: SendResult, at: datetime) -> None:
        self._not_sent(attempt, answer, at)
        self._limit_failures()

    def _in_doubt(self, attempt: Try, answer: SendResult, at: datetime) -> None:
        if not attempt.looks:
            self.lost_at = self.lost_at or self.tried_at
        if self.is_repeatable:
            self._not_sent(attempt, answer, at)
        elif not attempt.looks:
            self.failures += 1
            self.state, self.due_at = State.IN_DOUBT, at + attempt.quiesce
        else:  # an outage of any length leaves the message in doubt
            self.state, self.due_at = State.IN_DOUBT, at + (answer.retry_after or LOOK_AGAIN)

    def _unknown_answer(self, attempt: Try, answer: SendResult, at: datetime) -> None:
        self._in_doubt(attempt, answer, at)
        if not attempt.looks:
            self._limit_failures()
            return
        self.failures += 1
        if self.failures >= TRIES_AT_MOST:
            self._cannot_search(attempt, answer, at)

    def _absent(self, _attempt: Try, _answer: SendResult, at: datetime) -> None:
        self.looks += 1
        if self.looks < LOOKS_NEEDED:
            self.state, self.due_at = State.IN_DOUBT, at + LOOK_AGAIN
            return
        self.state, self.due_at = State.QUEUED, at
        if self.failures >= TRIES_AT_MOST:  # stop blocking the rest of its lane
            self.queued_at = at

    def _cannot_search(self, _attempt: Try, _answer: SendResult, at: datetime) -> None:
        """Repeat it once if a duplicate does little harm; else ask a lead or give up."""
        if self.kind in REPEATED_WHEN_BLIND and not self.repeated:
            self.repeated, self.state, self.due_at = True, State.QUEUED, at
        else:
            self._end(State.HELD if self.kind in ASKED_ABOUT else State.UNREACHABLE)

    def _workspace_rejected(self, attempt: Try, _answer: SendResult, at: datetime) -> None:
        """Keep it due: the send quota holds it back until Slack accepts messages again."""
        self.state = State.IN_DOUBT if attempt.looks else State.QUEUED
        self.due_at = at

    def _target_deleted(self, _attempt: Try, _answer: SendResult, at: datetime) -> None:
        if self.kind in EDITED_IN_PLACE:
            self.renew(at=at)
            return
        if self.ts is not None:  # an edit of a message that was deleted
            self._end(State.DROPPED)
            return
        self.failures += 1
        self.state, self.due_at = State.QUEUED, at + PACE
        self._limit_failures()

    def _card_first(self, _attempt: Try, _answer: SendResult, at: datetime) -> None:
        self.state, self.queued_at, self.due_at = State.QUEUED, at, at + PACE

    def _refused(self, _attempt: Try, _answer: SendResult, at: datetime) -> None:
        self._end(State.REFUSED)

    def _unreachable(self, _attempt: Try, _answer: SendResult, at: datetime) -> None:
        self._end(State.UNREACHABLE)

    def _dropped(self, _attempt: Try, _answer: SendResult, at: datetime) -> None:
        self._end(State.DROPPED)

    def _limit_failures(self) -> None:
        if self.failures >= TRIES_AT_MOST:  # unblock the rest of its lane
            self._end(State.REFUSED)


# What each outcome does to a delivery.
RULES: dict[Outcome, Callable[[Delivery, Try, SendResult, datetime], None]] = {
    Outcome.SENT: Delivery._sent,
    Outcome.NOT_SENT: Delivery._not_sent,
    Outcome.NOT_COMPOSED: Delivery._not_composed,
    Outcome.IN_DOUBT: Delivery._in_doubt,
    Outcome.UNKNOWN_ANSWER: Delivery._unknown_answer,
    Outcome.ABSENT: Delivery._absent,
    Outcome.CANNOT_SEARCH: Delivery._cannot_search,
    Outcome.WORKSPACE_REJECTED: Delivery._workspace_rejected,
    Outcome.TARGET_DELETED: Delivery._target_deleted,
    Outcome.CARD_FIRST: Delivery._card_first,
    Outcome.REFUSED: Delivery._refused,
    Outcome.UNREACHABLE: Delivery._unreachable,
    Outcome.DROPPED: Delivery._dropped,
    Outcome.NOT_ALLOWED: Delivery._dropped,
}
