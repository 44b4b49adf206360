"""A case lives any life: people take steps at random, and a simple model knows how it stands."""

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
HALF_AN_HOUR = timedelta(minutes=30)
DONE = Resolution(outcome="Works", root_cause="A bug", prevention="A test", left_out="Easy")
NO = Refusal(why="The FAQ has it", next_step="Page 7")


@dataclass(frozen=True)
class Standing:
    """All that a support lead would say of a case."""

    status: Status = Status.OPEN
    owner: UserId | None = None
    offered_to: UserId | None = None
    handoff_ends: datetime | None = None
    appealed: bool = False

    @property
    def in_hand(self) -> bool:
        return self.status in (Status.CLAIMED, Status.WAITING)


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY_9AM
        self.case: Case = a_case(team=a_team(ALWAYS))
        self.other: Case = a_case(team=a_team(ALWAYS), number=2)
        self.stands = Standing()

    def takes(self, step: Callable[[], None], *, if_: bool, **becomes: object) -> None:
        """A step that is allowed changes what it should, and one that is refused nothing."""
        before = (len(self.case.history), self.case.card.wanted)
        if if_:
            step()
            self.stands = replace(self.stands, **becomes)  # type: ignore[arg-type]
        else:
            with pytest.raises(BotError):
                step()
            assert (len(self.case.history), self.case.card.wanted) == before

    def leads(self, by: Person) -> bool:
        return by is LEO or by.user == self.stands.owner

    @rule(minutes=st.integers(0, 40))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        for _ in range(5):
            self.case.tick(at=self.now)
        if self.stands.handoff_ends is not None and self.now >= self.stands.handoff_ends:
            self.stands = replace(self.stands, offered_to=None, handoff_ends=None)

    @rule(by=PEOPLE)
    def claim(self, by: Person) -> None:
        free = self.stands.status is Status.OPEN or (
            self.stands.in_hand and self.stands.owner == by.user
        )
        to = Status.CLAIMED if self.stands.status is Status.OPEN else self.stands.status
        step = lambda: self.case.claim(by=by, at=self.now)  # noqa: E731
        self.takes(step, if_=free and by is not ANA, status=to, owner=by.user)

    @rule(by=PEOPLE)
    def release(self, by: Person) -> None:
        self.takes(
            lambda: self.case.release("Ill", by=by, at=self.now),
            if_=self.stands.in_hand and self.leads(by),
            status=Status.OPEN,
            owner=None,
            offered_to=None,
            handoff_ends=None,
        )

    @rule(by=PEOPLE)
    def wait(self, by: Person) -> None:
        until = self.now + timedelta(days=9)
        self.takes(
            lambda: self.case.wait(Waiting.CUSTOMER, "A call", resume_by=until, by=by, at=self.now),
            if_=self.stands.in_hand and self.leads(by),
            status=Status.WAITING,
        )

    @rule(by=PEOPLE)
    def resume(self, by: Person) -> None:
        self.takes(
            lambda: self.case.resume(by=by, at=self.now),
            if_=self.stands.status is Status.WAITING and self.leads(by),
            status=Status.CLAIMED,
        )

    @rule(by=PEOPLE, to=PEOPLE)
    def hand_off(self, by: Person, to: Person) -> None:
        fit = to is not ANA and to.user != self.stands.owner
        self.takes(
            lambda: self.case.hand_off(to, "Please", by=by, at=self.now),
            if_=self.stands.in_hand and self.leads(by) and fit,
            offered_to=to.user,
            handoff_ends=self.now + HALF_AN_HOUR,
        )

    @rule(by=PEOPLE)
    def accept(self, by: Person) -> None:
        own = self.stands.owner == by.user
        theirs = self.stands.offered_to == by.user
        after = {"offered_to": None, "offer_ends": None} if theirs and not own else {}
        owner = by.user if theirs else self.stands.owner
        step = lambda: self.case.accept(by=by, at=self.now)  # noqa: E731
        self.takes(step, if_=own or theirs, owner=owner, **after)

    @rule(by=PEOPLE)
    def turn_down(self, by: Person) -> None:
        self.takes(
            lambda: self.case.turn_down(by=by, at=self.now),
            if_=self.stands.offered_to == by.user,
            offered_to=None,
            handoff_ends=None,
        )

    @rule(by=PEOPLE)
    def contact(self, by: Person) -> None:
        running = self.stands.in_hand or self.stands.status is Status.OPEN
        step = lambda: self.case.contact("They know", by=by, at=self.now)  # noqa: E731
        self.takes(step, if_=running and self.leads(by))

    @rule(by=PEOPLE)
    def decline(self, by: Person) -> None:
        self.takes(
            lambda: self.case.decline(NO, by=by, at=self.now),
            if_=self.stands.status is Status.OPEN and by is not ANA,
            status=Status.DECLINED,
        )

    @rule(by=PEOPLE)
    def appeal(self, by: Person) -> None:
        self.takes(
            lambda: self.case.appeal("Look again", by=by, at=self.now),
            if_=self.stands.status is Status.DECLINED and not self.stands.appealed,
            status=Status.OPEN,
            appealed=True,
        )

    @rule(by=PEOPLE)
    def resolve(self, by: Person) -> None:
        running = self.stands.in_hand or self.stands.status is Status.OPEN
        late = bool(running and self.case.missed(at=self.now))
        self.takes(
            lambda: self.case.resolve(DONE, by=by, at=self.now),
            if_=running and self.leads(by) and not late,
            status=Status.RESOLVED,
            offered_to=None,
            handoff_ends=None,
        )

    @rule(by=PEOPLE)
    def reopen(self, by: Person) -> None:
        declined = self.stands.status is Status.DECLINED and by is not ANA
        self.takes(
            lambda: self.case.reopen("It is back", by=by, at=self.now),
            if_=self.stands.status is Status.RESOLVED or declined,
            status=Status.OPEN if self.stands.owner is None else Status.CLAIMED,
        )

    @rule(by=PEOPLE)
    def merge(self, by: Person) -> None:
        running = self.stands.in_hand or self.stands.status is Status.OPEN
        self.takes(
            lambda: self.case.merge(self.other, by=by, at=self.now),
            if_=running and by is not ANA,
            status=Status.MERGED,
            offered_to=None,
            handoff_ends=None,
        )

    @invariant()
    def it_stands_as_the_model_says(self) -> None:
        offer = self.case.pending_handoff
        assert (self.case.status, self.case.owner) == (self.stands.status, self.stands.owner)
        assert (offer.other_person if offer else None) == self.stands.offered_to

    @invariant()
    def its_history_makes_the_same_clocks_again(self) -> None:
        for _ in range(5):
            self.case.tick(at=self.now)
        kept = {(it.metric, it.cycle): it for it in self.case.clocks}
        readings = read_clocks(self.case, at=self.now)
        assert len(kept) == len(readings)
        for reading in readings:
            clock = kept[reading.clock, reading.cycle]
            told = (reading.state, reading.due_at, reading.ended_at)
            assert (clock.state, clock.due_at, clock.ended_at) == told

    @invariant()
    def nobody_hears_of_their_own_step(self) -> None:
        for event in self.case.history[1:]:
            assert event.by is None or ChannelId(event.by) not in {
                note.channel for note in event.notifications
            }


TestLife = Life.TestCase
TestLife.settings = settings(parent=settings.default, stateful_step_count=30)
