"""A case passes from one owner to the next, and is never between them."""

from datetime import timedelta

import pytest

from bot.case import Case, Resolution, Status
from bot.case.event import EventKind
from bot.errors import AlreadyResolved, CannotHaveIt, HasItAlready, NotAllowed, NotOffered
from bot.people import Person, UserId
from bot.team import Waiting
from tests.builders import ANA, BEN, LEO, MAYA, a_case, a_team, berlin
from tests.world import MONDAY_9AM, TEAM

SOON, LATER = MONDAY_9AM + timedelta(minutes=5), MONDAY_9AM + timedelta(minutes=20)


def offered(*, to: Person = BEN) -> Case:
    case = a_case()
    case.claim(by=MAYA, at=MONDAY_9AM)
    case.hand_off(to, "They want a call at noon", by=MAYA, at=SOON)
    return case


def kinds(case: Case) -> list[EventKind]:
    return [event.kind for event in case.history]


def heard(case: Case) -> set[str]:
    return {note.channel for note in case.history[-1].notifications}


def test_until_it_is_accepted_the_owner_answers_for_a_case() -> None:
    case = offered()
    assert (case.owner, case.status) == (MAYA.user, Status.CLAIMED)
    assert heard(case) == {"C0SUPPORT", BEN.user}


def test_whoever_accepts_a_case_owns_it_and_the_former_owner_hears_of_it() -> None:
    case = offered()
    case.accept(by=BEN, at=LATER)
    assert case.owner == BEN.user
    assert case.pending_handoff is None
    assert heard(case) == {"C0SUPPORT", ANA.user, MAYA.user}
    case.accept(by=BEN, at=LATER)
    assert kinds(case).count(EventKind.HANDED_OFF) == 1


def test_a_case_that_is_not_accepted_stays_and_whoever_asked_hears_of_it() -> None:
    case = a_case()
    case.claim(by=MAYA, at=MONDAY_9AM)
    case.hand_off(BEN, "Maya is ill", by=LEO, at=SOON)
    assert heard(case) == {"C0SUPPORT", BEN.user, MAYA.user}
    case.turn_down(by=BEN, at=LATER)
    assert case.owner == MAYA.user
    assert heard(case) == {"C0SUPPORT", MAYA.user, LEO.user}


def test_an_offer_lapses_after_half_an_hour_of_open_time_and_both_hear_of_it() -> None:
    case = a_case(at=berlin("2026-03-06 17:40"))
    case.claim(by=MAYA, at=berlin("2026-03-06 17:40"))
    case.hand_off(BEN, "It is Friday", by=MAYA, at=berlin("2026-03-06 17:45"))
    assert case.next_check_at == berlin("2026-03-09 09:15")
    case.tick(at=berlin("2026-03-09 09:14"))
    assert case.pending_handoff is not None
    case.tick(at=berlin("2026-03-09 09:15"))
    case.tick(at=berlin("2026-03-09 09:15"))
    assert kinds(case)[-2:] == [EventKind.HANDING_OFF, EventKind.HAND_OFF_LAPSED]
    assert heard(case) == {"C0SUPPORT", MAYA.user, BEN.user}
    with pytest.raises(NotOffered, match=MAYA.user):
        case.accept(by=BEN, at=berlin("2026-03-09 09:16"))


def test_a_team_says_how_long_an_offer_stands() -> None:
    quick = TEAM.replace('leads = ["U0LEO"]', 'leads = ["U0LEO"]\naccept_within = "5m"')
    case = a_case(team=a_team(quick))
    case.claim(by=MAYA, at=MONDAY_9AM)
    case.hand_off(BEN, "Please", by=MAYA, at=SOON)
    assert case.next_check_at == SOON + timedelta(minutes=5)


def test_a_second_offer_takes_the_place_of_the_first() -> None:
    case = offered()
    case.hand_off(LEO, "Ben is away", by=MAYA, at=LATER)
    with pytest.raises(NotOffered):
        case.accept(by=BEN, at=LATER)
    case.accept(by=LEO, at=LATER)
    assert case.owner == LEO.user


def test_only_whoever_may_claim_can_be_handed_a_case() -> None:
    case = a_case()
    case.claim(by=MAYA, at=MONDAY_9AM)
    with pytest.raises(CannotHaveIt, match="managers and leads of Support"):
        case.hand_off(ANA, "You know them", by=MAYA, at=SOON)
    with pytest.raises(HasItAlready):
        case.hand_off(MAYA, "Myself", by=MAYA, at=SOON)
    with pytest.raises(NotAllowed):
        case.hand_off(BEN, "I want it", by=BEN, at=SOON)


def test_nobody_accepts_what_was_offered_to_somebody_else() -> None:
    case = offered()
    with pytest.raises(NotOffered):
        case.accept(by=LEO, at=LATER)
    with pytest.raises(NotOffered):
        case.turn_down(by=Person(UserId("U0ELSE")), at=LATER)


def test_a_case_that_waits_is_handed_off_with_its_wait() -> None:
    case = a_case()
    case.claim(by=MAYA, at=MONDAY_9AM)
    until = MONDAY_9AM + timedelta(days=2)
    case.wait(Waiting.CUSTOMER, "A call", resume_by=until, by=MAYA, at=SOON)
    case.hand_off(BEN, "They call at noon", by=MAYA, at=SOON)
    case.accept(by=BEN, at=LATER)
    assert (case.status, case.owner) == (Status.WAITING, BEN.user)
    assert case.current_wait is not None


def test_a_case_that_is_over_is_not_handed_off_and_its_offer_is_void() -> None:
    case = offered()
    done = Resolution(outcome="Fine", root_cause="A", prevention="A watch", left_out="Easy")
    case.resolve(done, by=MAYA, at=LATER)
    with pytest.raises(AlreadyResolved):
        case.hand_off(BEN, "Please", by=MAYA, at=LATER)
    with pytest.raises(NotOffered):
        case.accept(by=BEN, at=LATER)
    case.reopen("It is back", by=ANA, at=LATER + timedelta(minutes=1))
    assert case.pending_handoff is None
