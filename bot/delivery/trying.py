"""What becomes of a delivery by what came of a try: a rule for each outcome."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.delivery.kinds import AGED, ASKED_ABOUT, EDITS, PICTURES, TOLD_AGAIN, State
from bot.delivery.record import DeliveryRecord
from bot.delivery.tries import (
    DOUBT_AT_MOST,
    LOOK_AGAIN,
    LOOKS_NEEDED,
    NONE,
    PACE,
    QUIESCE,
    SWEEP_AGAIN,
    TRIES_AT_MOST,
    Answer,
    Outcome,
    Try,
    wait_after,
)


class Trying(DeliveryRecord):
    def begin(self, *, at: datetime, lag: timedelta = NONE) -> Try:
        """``lag`` is how much later than usual a message may turn up, as far as we have seen."""
        if looks := self.is_in_doubt:
            self.lost_at = self.lost_at or self.tried_at
        else:
            self.tried_at, self.looks = at, 0
        self.state = State.SENDING
        self.tries += 1
        return Try(self.tries, self.wanted, looks, QUIESCE + lag)

    def settle(self, attempt: Try, answer: Answer, *, at: datetime) -> bool:
        """End a try: done with, or due again. False if another sender has taken over since."""
        if attempt.number != self.tries or self.state is not State.SENDING:
            return False
        self.reason = answer.reason
        RULES[answer.outcome](self, attempt, answer, at)
        return True

    def swept(self, answer: Answer, *, at: datetime) -> None:
        """Slack was looked through for twins, and of those found the first was left."""
        over = (self.sent_at or at) + SWEEP_AGAIN
        if answer.outcome in (Outcome.IN_DOUBT, Outcome.SHUT):  # Slack cannot be asked just now
            self.sweep_at = at + LOOK_AGAIN if at < over + DOUBT_AT_MOST else None
            return
        self.sweep_at = over if at < over else None
        if answer.outcome is Outcome.SENT and answer.ts != self.ts:
            self.ts = answer.ts
            if self.kind in PICTURES:  # it may show an older state
                self.owe_again(at=at)

    def owe_again(self, *, at: datetime, aged: bool = False) -> None:
        """A picture has a newer state to show; ``aged`` says that nothing but time has changed it,
        so that it may wait behind all that people have done.
        """
        self.wanted += 1
        if self.lane in (EDITS, AGED) and self.state is not State.SENDING:
            self.lane = AGED if aged and (self.due_at is None or self.lane == AGED) else EDITS
        if self.due_at is None and self.state is not State.HELD:
            self._owe(at=at)

    def rests_after(self, answer: Answer) -> timedelta:
        """How long its lane stays shut after a try."""
        rests = answer.lane_rests
        return max(rests, 2 * PACE) if self.lane == AGED and rests else rests

    def renew(self, *, at: datetime) -> None:
        """Somebody deleted the card: post it anew, as another message."""
        self.ts, self.generation, self.lane = None, self.generation + 1, self.channel
        self.lost_at = self.sweep_at = None
        self._owe(at=at)

    def _sent(self, attempt: Try, answer: Answer, at: datetime) -> None:
        lost_at, was_edited = self.lost_at, self.is_repeatable
        self._end(State.SENT)
        self.ts, self.sent_at = answer.ts or self.ts, at
        if self.kind in PICTURES:
            self.lane = EDITS
        found = attempt.looks and self.kind in PICTURES  # it may show an older state
        if found or self.wanted > attempt.wanted:
            self._owe(at=at)
        elif was_edited and lost_at:  # an older edit may still come, and cover this one
            self._owe(at=at + attempt.quiesce)
        if not was_edited and lost_at and self.tried_at and lost_at < self.tried_at:
            self.sweep_at = at + attempt.quiesce

    def _not_sent(self, attempt: Try, answer: Answer, at: datetime) -> None:
        self.failures += 1
        wait = answer.retry_after if answer.retry_after is not None else wait_after(self.failures)
        self.state, self.due_at = State.OWED, at + wait
        if self.is_repeatable:
            self.owed_at = self.due_at  # the others in its lane do not wait for it
        if self.lane == AGED and self.wanted > attempt.wanted:  # somebody may have acted meanwhile
            self.lane = EDITS

    def _unwritten(self, attempt: Try, answer: Answer, at: datetime) -> None:
        self._not_sent(attempt, answer, at)
        self._give_up_in_the_end()

    def _in_doubt(self, attempt: Try, answer: Answer, at: datetime) -> None:
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

    def _odd(self, attempt: Try, answer: Answer, at: datetime) -> None:
        self._in_doubt(attempt, answer, at)
        self._give_up_in_the_end()

    def _absent(self, _attempt: Try, _answer: Answer, at: datetime) -> None:
        self.looks += 1
        if self.looks < LOOKS_NEEDED:
            self.state, self.due_at = State.IN_DOUBT, at + LOOK_AGAIN
            return
        self.state, self.due_at = State.OWED, at
        if self.failures >= TRIES_AT_MOST:  # the rest of its lane does not wait any more
            self.owed_at = at

    def _blind(self, _attempt: Try, _answer: Answer, at: datetime) -> None:
        if self.kind in TOLD_AGAIN and not self.repeated:
            self.repeated, self.state, self.due_at = True, State.OWED, at
        else:
            self._end(State.HELD if self.kind in ASKED_ABOUT else State.UNREACHABLE)

    def _shut(self, attempt: Try, _answer: Answer, at: datetime) -> None:
        self.state = State.IN_DOUBT if attempt.looks else State.OWED
        self.due_at = at

    def _gone(self, _attempt: Try, _answer: Answer, at: datetime) -> None:
        if self.kind in PICTURES:
            self.renew(at=at)
            return
        if self.ts is not None:  # it was to say something else, and is gone itself
            self._end(State.DROPPED)
            return
        self.failures += 1
        self.state, self.due_at = State.OWED, at + PACE
        self._give_up_in_the_end()

    def _later(self, _attempt: Try, _answer: Answer, at: datetime) -> None:
        self.state, self.owed_at, self.due_at = State.OWED, at, at + PACE

    def _refused(self, _attempt: Try, _answer: Answer, at: datetime) -> None:
        self._end(State.REFUSED)

    def _unreachable(self, _attempt: Try, _answer: Answer, at: datetime) -> None:
        self._end(State.UNREACHABLE)

    def _dropped(self, _attempt: Try, _answer: Answer, at: datetime) -> None:
        self._end(State.DROPPED)

    def _give_up_in_the_end(self) -> None:
        if self.failures >= TRIES_AT_MOST:  # the rest of the lane must get there
            self._end(State.REFUSED)


RULES: dict[Outcome, Callable[[Trying, Try, Answer, datetime], None]] = {
    Outcome.SENT: Trying._sent,
    Outcome.NOT_SENT: Trying._not_sent,
    Outcome.UNWRITTEN: Trying._unwritten,
    Outcome.IN_DOUBT: Trying._in_doubt,
    Outcome.ODD: Trying._odd,
    Outcome.ABSENT: Trying._absent,
    Outcome.BLIND: Trying._blind,
    Outcome.SHUT: Trying._shut,
    Outcome.GONE: Trying._gone,
    Outcome.LATER: Trying._later,
    Outcome.REFUSED: Trying._refused,
    Outcome.UNREACHABLE: Trying._unreachable,
    Outcome.DROPPED: Trying._dropped,
    Outcome.NOT_THEIRS: Trying._dropped,
}
