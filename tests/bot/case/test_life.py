"""A state machine takes random steps on a case and compares it with a simple model."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.case import Case, Refusal, Resolution, Status, read_clocks
from bot.errors import BotError
from bot.people import ChannelId, Person, UserId
from bot.team import Waiting
from tests.builders import ANA, BEN, LEO, MAYA, a_case, a_team
from tests.world import MONDAY_9AM, TEAM

ALWAYS = TEAM.replace('calendar = "office"', 'calendar = "24x7"').replace(
    '{ claim = "15m" }',
    '{ claim = "15m", first_response = "1h", update = "2h", resolution = "4h", ownership = "3h" }',
)
PEOPLE = st.sampled_from([ANA, MAYA, BEN, LEO])
ACCEPT_WITHIN = timedelta(minutes=30)
DONE = Resolution(outcome="Works", root_cause="A bug", prevention="A test", left_out="Easy")
NO = Refusal(why="The FAQ has it", next_step="Page 7")


@dataclass(frozen=True)
class Model:
    """The state of a case as a support lead would describe it."""

    status: Status = Status.OPEN
    owner: UserId | None = None
    handoff_to: UserId | None = None
    handoff_ends: datetime | None = None
    appealed: bool = False

    @property
    def escalates_and_claims(self) -> bool:
        return self.status in (Status.CLAIMED, Status.WAITING)


class CaseMachine(RuleBasedStateMachine):
    """Four people take any step at any time. A refused step must change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY_9AM
        self.case: Case = a_case(team=a_team(ALWAYS))
        self.other: Case = a_case(team=a_team(ALWAYS), number=2)
        self.model = Model()

    def take(self, step: Callable[[], None], *, allowed: bool, **changes: object) -> None:
        """Take a step that is expected to change the model, or to be refused without effect."""
        before = (len(self.case.history), self.case.card.wanted)
        if allowed:
            step()
            self.model = replace(self.model, **changes)  # type: ignore[arg-type]
        else:
            with pytest.raises(BotError):
                step()
            assert (len(self.case.history), self.case.card.wanted) == before

    def is_owner_or_lead(self, by: Person) -> bool:
        return by is LEO or by.user == self.model.owner

    @rule(minutes=st.integers(0, 40))
    def advance_time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        for _ in range(5):  # one tick records one event, and several may be due
            self.case.tick(at=self.now)
        if self.model.handoff_ends is not None and self.now >= self.model.handoff_ends:
            self.model = replace(self.model, handoff_to=None, handoff_ends=None)

    @rule(by=PEOPLE)
    def claim(self, by: Person) -> None:
        claimable = self.model.status is Status.OPEN or (
            self.model.escalates_and_claims and self.model.owner == by.user
        )
        to = Status.CLAIMED if self.model.status is Status.OPEN else self.model.status
        step = lambda: self.case.claim(by=by, at=self.now)  # noqa: E731
        self.take(step, allowed=claimable and by is not ANA, status=to, owner=by.user)

    @rule(by=PEOPLE)
    def release(self, by: Person) -> None:
        self.take(
            lambda: self.case.release("Ill", by=by, at=self.now),
            allowed=self.model.escalates_and_claims and self.is_owner_or_lead(by),
            status=Status.OPEN,
            owner=None,
            handoff_to=None,
            handoff_ends=None,
        )

    @rule(by=PEOPLE)
    def wait(self, by: Person) -> None:
        until = self.now + timedelta(days=9)
        self.take(
            lambda: self.case.wait(Waiting.CUSTOMER, "A call", resume_by=until, by=by, at=self.now),
            allowed=self.model.escalates_and_claims and self.is_owner_or_lead(by),
            status=Status.WAITING,
        )

    @rule(by=PEOPLE)
    def resume(self, by: Person) -> None:
        self.take(
            lambda: self.case.resume(by=by, at=self.now),
            allowed=self.model.status is Status.WAITING and self.is_owner_or_lead(by),
            status=Status.CLAIMED,
        )

    @rule(by=PEOPLE, to=PEOPLE)
    def hand_off(self, by: Person, to: Person) -> None:
        can_receive = to is not ANA and to.user != self.model.owner
        self.take(
            lambda: self.case.hand_off(to, "Please", by=by, at=self.now),
            allowed=self.model.escalates_and_claims and self.is_owner_or_lead(by) and can_receive,
            handoff_to=to.user,
            handoff_ends=self.now + ACCEPT_WITHIN,
        )

    @rule(by=PEOPLE)
    def accept(self, by: Person) -> None:
        is_owner = self.model.owner == by.user
        is_recipient = self.model.handoff_to == by.user
        after = {"handoff_to": None, "handoff_ends": None} if is_recipient and not is_owner else {}
        owner = by.user if is_recipient else self.model.owner
        step = lambda: self.case.accept(by=by, at=self.now)  # noqa: E731
        self.take(step, allowed=is_owner or is_recipient, owner=owner, **after)

    @rule(by=PEOPLE)
    def decline_handoff(self, by: Person) -> None:
        self.take(
            lambda: self.case.decline_handoff(by=by, at=self.now),
            allowed=self.model.handoff_to == by.user,
            handoff_to=None,
            handoff_ends=None,
        )

    @rule(by=PEOPLE)
    def contact(self, by: Person) -> None:
        running = self.model.escalates_and_claims or self.model.status is Status.OPEN
        step = lambda: self.case.contact("They know", by=by, at=self.now)  # noqa: E731
        self.take(step, allowed=running and self.is_owner_or_lead(by))

    @rule(by=PEOPLE)
    def decline(self, by: Person) -> None:
        self.take(
            lambda: self.case.decline(NO, by=by, at=self.now),
            allowed=self.model.status is Status.OPEN and by is not ANA,
            status=Status.DECLINED,
        )

    @rule(by=PEOPLE)
    def appeal(self, by: Person) -> None:
        self.take(
            lambda: self.case.appeal("Look again", by=by, at=self.now),
            allowed=self.model.status is Status.DECLINED and not self.model.appealed,
            status=Status.OPEN,
            appealed=True,
        )

    @rule(by=PEOPLE)
    def resolve(self, by: Person) -> None:
        running = self.model.escalates_and_claims or self.model.status is Status.OPEN
        late = bool(running and self.case.missed(at=self.now))
        self.take(
            lambda: self.case.resolve(DONE, by=by, at=self.now),
            allowed=running and self.is_owner_or_lead(by) and not late,
            status=Status.RESOLVED,
            handoff_to=None,
            handoff_ends=None,
        )

    @rule(by=PEOPLE)
    def reopen(self, by: Person) -> None:
        declined = self.model.status is Status.DECLINED and by is not ANA
        self.take(
            lambda: self.case.reopen("It is back", by=by, at=self.now),
            allowed=self.model.status is Status.RESOLVED or declined,
            status=Status.OPEN if self.model.owner is None else Status.CLAIMED,
        )

    @rule(by=PEOPLE)
    def merge(self, by: Person) -> None:
        running = self.model.escalates_and_claims or self.model.status is Status.OPEN
        self.take(
            lambda: self.case.merge(self.other, by=by, at=self.now),
            allowed=running and by is not ANA,
            status=Status.MERGED,
            handoff_to=None,
            handoff_ends=None,
        )

    @invariant()
    def the_case_matches_the_model(self) -> None:
        handoff = self.case.pending_handoff
        assert (self.case.status, self.case.owner) == (self.model.status, self.model.owner)
        assert (handoff.other_person if handoff else None) == self.model.handoff_to

    @invariant()
    def clocks_read_from_the_history_match_the_stored_ones(self) -> None:
        for _ in range(5):
            self.case.tick(at=self.now)
        stored = {(it.metric, it.cycle): it for it in self.case.clocks}
        readings = read_clocks(self.case, at=self.now)
        assert len(stored) == len(readings)
        for reading in readings:
            clock = stored[reading.clock, reading.cycle]
            expected = (reading.state, reading.due_at, reading.ended_at)
            assert (clock.state, clock.due_at, clock.ended_at) == expected

    @invariant()
    def people_are_not_notified_of_their_own_steps(self) -> None:
        for event in self.case.history[1:]:
            assert event.by is None or ChannelId(event.by) not in {
                note.channel for note in event.notifications
            }


TestLife = CaseMachine.TestCase
TestLife.settings = settings(parent=settings.default, stateful_step_count=30)
