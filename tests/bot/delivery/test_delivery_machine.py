"""State machines that send one message through random outcomes, crashes and delays."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.delivery import (
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
LATEST = SWEEP_AGAIN  # the longest delay before Slack shows a message


class OneDelivery(RuleBasedStateMachine):
    """One note, its worker, and a Slack that accepts, loses or delays it at random."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY_9AM
        self.note = Delivery.of_note(
            CaseId(1), 1, Audience.THREAD, SUPPORT, at=self.now, kind=DeliveryKind.NUDGE
        )
        self.stored: list[tuple[float, str]] = []  # when Slack shows it, and its ts
        self.free_at = self.now
        self.attempt: Try | None = None
        self.posted = 0

    @rule(seconds=st.integers(1, 120))
    def advance_time(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now += SECOND
            self.sweep()

    @precondition(lambda self: self.attempt is None and self.is_due)
    @rule()
    def begin(self) -> None:
        self.attempt, self.free_at = self.note.begin(at=self.now), self.now + LEASE

    @precondition(lambda self: self.attempt is not None)
    @rule()
    def kill(self) -> None:
        """Kill the worker: its lease expires and another one starts."""
        self.attempt = None

    @precondition(lambda self: self.attempt is not None and not self.attempt.looks)
    @rule(
        event=st.sampled_from(["sent", "not_sent", "lost", "stored", "late", "stored and killed"]),
        late=st.integers(1, int(LATEST.total_seconds()) - 75),
    )
    def post(self, event: str, late: int) -> None:
        if event in ("sent", "stored", "late", "stored and killed"):
            self.posted += 1
            shows_at = self.now + (late * SECOND if event == "late" else 0 * SECOND)
            self.stored.append((shows_at.timestamp(), f"{self.posted:03}"))
        if event == "stored and killed":
            self.attempt = None
            return
        results = {
            "sent": SendResult(Outcome.SENT, ts=f"{self.posted:03}"),
            "not_sent": SendResult(Outcome.NOT_SENT),
        }
        self.settle(results.get(event, SendResult(Outcome.IN_DOUBT)))

    @precondition(lambda self: self.attempt is not None and self.attempt.looks)
    @rule(works=st.booleans())
    def check(self, works: bool) -> None:
        self.settle(self.find_sent() if works else SendResult(Outcome.IN_DOUBT))

    @property
    def is_due(self) -> bool:
        due = self.note.due_at is not None and self.note.due_at <= self.now
        return due and self.free_at <= self.now

    @property
    def visible(self) -> list[str]:
        return [ts for shows_at, ts in self.stored if shows_at <= self.now.timestamp()]

    def find_sent(self) -> SendResult:
        """Look for the note in Slack, and delete all copies but the first."""
        if not self.visible:
            return SendResult(Outcome.ABSENT)
        first, *copies = sorted(self.visible)
        self.stored = [it for it in self.stored if it[1] not in copies]
        return SendResult(Outcome.SENT, ts=first, duplicates_deleted=len(copies))

    def settle(self, result: SendResult) -> None:
        assert self.attempt is not None
        assert self.note.settle(self.attempt, result, at=self.now)
        self.attempt, self.free_at = None, self.now

    def sweep(self) -> None:
        if self.note.sweep_at is not None and self.note.sweep_at <= self.now:
            self.note.swept(self.find_sent(), at=self.now)

    @invariant()
    def the_message_is_never_lost(self) -> None:
        settled = self.note.due_at is None
        assert not settled or self.note.state is State.SENT
        if self.note.state is State.SENT:
            assert self.stored

    @invariant()
    def one_message_remains(self) -> None:
        """After its last sweep, a message shows at most once."""
        if self.note.state is State.SENT and self.note.sweep_at is None:
            assert len(self.visible) <= 1

    def teardown(self) -> None:
        """Let Slack recover, and expect exactly one message in the end."""
        for _ in range(200):
            if self.note.due_at is None:
                break
            self.now = max(self.now, self.free_at, self.note.due_at)
            attempt = self.note.begin(at=self.now)
            if attempt.looks:
                result = self.find_sent()
            else:
                self.posted += 1
                self.stored.append((self.now.timestamp(), f"{self.posted:03}"))
                result = SendResult(Outcome.SENT, ts=f"{self.posted:03}")
            assert self.note.settle(attempt, result, at=self.now)
        assert self.note.state is State.SENT
        while self.note.sweep_at is not None:
            self.now = max(self.now, self.note.sweep_at)
            self.sweep()
        assert self.visible == [self.note.ts]


OneDelivery.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestOneDelivery = OneDelivery.TestCase
