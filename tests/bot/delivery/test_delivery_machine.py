"""Any outcomes, any crashes, any passing of time: never lost, never twice, never long in doubt."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.delivery import (
    DOUBT_AT_MOST,
    QUIESCE,
    SWEEP_AGAIN,
    Audience,
    Delivery,
    DeliveryKind,
    Outcome,
    SendResult,
    State,
    Try,
)
from bot.people import CaseId
from tests.world import MONDAY_9AM, SUPPORT

SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=90)
LATEST = SWEEP_AGAIN  # how late Slack may store a message that it was given


class OneDelivery(RuleBasedStateMachine):
    """A note, its sender, and a Slack that takes, loses and delays as it pleases."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY_9AM
        self.note = Delivery.of_note(
            CaseId(1), 1, Audience.THREAD, SUPPORT, at=self.now, kind=DeliveryKind.NUDGE
        )
        self.stored: list[tuple[float, str]] = []  # when it shows in Slack, and its ts
        self.free_at = self.now
        self.attempt: Try | None = None
        self.given = 0

    @rule(seconds=st.integers(1, 120))
    def time_passes(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now += SECOND
            self.sweep()

    @precondition(lambda self: self.attempt is None and self.is_due)
    @rule()
    def begins(self) -> None:
        self.attempt, self.free_at = self.note.begin(at=self.now), self.now + LEASE

    @precondition(lambda self: self.attempt is not None)
    @rule()
    def is_killed(self) -> None:
        """Its lease runs out, and somebody else begins."""
        self.attempt = None

    @precondition(lambda self: self.attempt is not None and not self.attempt.looks)
    @rule(
        what=st.sampled_from(["sent", "not_sent", "lost", "stored", "late", "stored and killed"]),
        late=st.integers(1, int(LATEST.total_seconds()) - 75),
    )
    def posts(self, what: str, late: int) -> None:
        if what in ("sent", "stored", "late", "stored and killed"):
            self.given += 1
            shows_at = self.now + (late * SECOND if what == "late" else 0 * SECOND)
            self.stored.append((shows_at.timestamp(), f"{self.given:03}"))
        if what == "stored and killed":
            self.attempt = None
            return
        answers = {
            "sent": SendResult(Outcome.SENT, ts=f"{self.given:03}"),
            "not_sent": SendResult(Outcome.NOT_SENT),
        }
        self.settles(answers.get(what, SendResult(Outcome.IN_DOUBT)))

    @precondition(lambda self: self.attempt is not None and self.attempt.looks)
    @rule(works=st.booleans())
    def looks(self, works: bool) -> None:
        self.settles(self.look() if works else SendResult(Outcome.IN_DOUBT))

    @property
    def is_due(self) -> bool:
        due = self.note.due_at is not None and self.note.due_at <= self.now
        return due and self.free_at <= self.now

    @property
    def seen(self) -> list[str]:
        return [ts for shows_at, ts in self.stored if shows_at <= self.now.timestamp()]

    def look(self) -> SendResult:
        """Of twins the first is left."""
        if not self.seen:
            return SendResult(Outcome.ABSENT)
        first, *twins = sorted(self.seen)
        self.stored = [it for it in self.stored if it[1] not in twins]
        return SendResult(Outcome.SENT, ts=first, healed=len(twins))

    def settles(self, answer: SendResult) -> None:
        assert self.attempt is not None
        assert self.note.settle(self.attempt, answer, at=self.now)
        self.attempt, self.free_at = None, self.now

    def sweep(self) -> None:
        if self.note.sweep_at is not None and self.note.sweep_at <= self.now:
            self.note.swept(self.look(), at=self.now)

    @invariant()
    def it_is_never_lost(self) -> None:
        settled = self.note.due_at is None
        assert not settled or self.note.state in (State.SENT, State.HELD)
        if self.note.state is State.SENT:
            assert self.stored

    @invariant()
    def the_end_is_one_message(self) -> None:
        """Once every sweep is over, unless a lead is asked or it says itself that it repeats."""
        over = self.note.state is State.SENT and self.note.sweep_at is None
        if over and not self.note.repeated:
            assert len(self.seen) <= 1 or self.note.sweep_at is not None

    def teardown(self) -> None:
        """When Slack is well again, it ends within the time that was promised."""
        for _ in range(200):
            if self.note.due_at is None:
                break
            self.now = max(self.now, self.free_at, self.note.due_at)
            attempt = self.note.begin(at=self.now)
            if attempt.looks:
                answer = self.look()
            else:
                self.given += 1
                self.stored.append((self.now.timestamp(), f"{self.given:03}"))
                answer = SendResult(Outcome.SENT, ts=f"{self.given:03}")
            assert self.note.settle(attempt, answer, at=self.now)
        assert self.note.state in (State.SENT, State.HELD)
        while self.note.sweep_at is not None:
            self.now = max(self.now, self.note.sweep_at)
            self.sweep()
        if not self.note.repeated:
            assert len(self.seen) == 1
            assert self.seen == [self.note.ts]


class InDoubt(OneDelivery):
    """The same, with a sender that never rests: nothing is in doubt for more than ten minutes."""

    @invariant()
    def nothing_is_in_doubt_for_long(self) -> None:
        while self.attempt is None and self.is_due and self.note.is_in_doubt:
            self.attempt, self.free_at = self.note.begin(at=self.now), self.now + LEASE
            self.settles(SendResult(Outcome.IN_DOUBT))
        if self.note.state is State.IN_DOUBT and self.note.tried_at is not None:
            assert self.now <= self.note.tried_at + DOUBT_AT_MOST + QUIESCE + LEASE


OneDelivery.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
InDoubt.TestCase.settings = settings(max_examples=50, stateful_step_count=40, deadline=None)
TestOneDelivery = OneDelivery.TestCase
TestInDoubt = InDoubt.TestCase
