"""Hand-offs: the case always has an owner, accepted or not."""

from datetime import timedelta

import pytest

from bot.case import Case, Resolution, Status
from bot.case.event import EventKind
from bot.errors import AlreadyOwner, AlreadyResolved, CannotOwn, NotAllowed, NotOffered
from bot.people import Person, UserId
from bot.team import Waiting
from tests.builders import ANA, BEN, LEO, MAYA, a_case, a_team, berlin
from tests.world import MONDAY_9AM, TEAM

SOON, LATER = MONDAY_9AM + timedelta(minutes=5), MONDAY_9AM + timedelta(minutes=20)


def pending_hand_off(*, to: Person = BEN) -> Case:
    case = a_case()
    case.claim(by=MAYA, at=MONDAY_9AM)
    case.hand_off(to, "They want a call at noon", by=MAYA, at=SOON)
    return case


def kinds(case: Case) -> list[EventKind]:
    return [event.kind for event in case.history]


def recipients(case: Case) -> set[str]:
    return {note.channel for note in case.history[-1].notifications}


def test_the_owner_keeps_a_case_until_the_hand_off_is_accepted() -> None:
    case = pending_hand_off()
    assert (case.owner, case.status) == (MAYA.user, Status.CLAIMED)
    assert recipients(case) == {"C0SUPPORT", BEN.user}


def test_accepting_a_hand_off_changes_the_owner_and_notifies_the_former_one() -> None:
    case = pending_hand_off()
    case.accept(by=BEN, at=LATER)
    assert case.owner == BEN.user
    assert case.pending_handoff is None
    assert recipients(case) == {"C0SUPPORT", ANA.user, MAYA.user}
    case.accept(by=BEN, at=LATER)
    assert kinds(case).count(EventKind.HANDED_OFF) == 1


def test_declining_a_hand_off_keeps_the_owner_and_notifies_the_requester() -> None:
    case = a_case()
    case.claim(by=MAYA, at=MONDAY_9AM)
    case.hand_off(BEN, "Maya is ill", by=LEO, at=SOON)
    assert recipients(case) == {"C0SUPPORT", BEN.user, MAYA.user}
    case.decline_handoff(by=BEN, at=LATER)
    assert case.owner == MAYA.user
    assert recipients(case) == {"C0SUPPORT", MAYA.user, LEO.user}


def test_an_assignment_ends_a_pending_hand_off() -> None:
    case = pending_hand_off()
    case.assign(LEO.user, at=LATER)
    assert case.pending_handoff is None
    with pytest.raises(NotOffered):
        case.accept(by=BEN, at=LATER)
    assert case.owner == LEO.user


def test_a_hand_off_lapses_after_thirty_business_minutes_and_notifies_both_people() -> None:
    case = a_case(at=berlin("2026-03-06 17:40"))
    case.claim(by=MAYA, at=berlin("2026-03-06 17:40"))
    case.hand_off(BEN, "It is Friday", by=MAYA, at=berlin("2026-03-06 17:45"))
    assert case.next_check_at == berlin("2026-03-09 09:15")
    case.tick(at=berlin("2026-03-09 09:14"))
    assert case.pending_handoff is not None
    case.tick(at=berlin("2026-03-09 09:15"))
    case.tick(at=berlin("2026-03-09 09:15"))
    assert kinds(case)[-2:] == [EventKind.HANDING_OFF, EventKind.HAND_OFF_LAPSED]
    assert recipients(case) == {"C0SUPPORT", MAYA.user, BEN.user}
    with pytest.raises(NotOffered, match=MAYA.user):
        case.accept(by=BEN, at=berlin("2026-03-09 09:16"))


def test_a_team_sets_how_long_a_hand_off_can_be_accepted() -> None:
    short = TEAM.replace('leads = ["U0LEO"]', 'leads = ["U0LEO"]\naccept_within = "5m"')
    case = a_case(team=a_team(short))
    case.claim(by=MAYA, at=MONDAY_9AM)
    case.hand_off(BEN, "Please", by=MAYA, at=SOON)
    assert case.next_check_at == SOON + timedelta(minutes=5)


def test_a_second_hand_off_replaces_the_first() -> None:
    case = pending_hand_off()
    case.hand_off(LEO, "Ben is away", by=MAYA, at=LATER)
    with pytest.raises(NotOffered):
        case.accept(by=BEN, at=LATER)
    case.accept(by=LEO, at=LATER)
    assert case.owner == LEO.user


def test_a_case_can_only_be_handed_to_a_manager_or_a_lead() -> None:
    case = a_case()
    case.claim(by=MAYA, at=MONDAY_9AM)
    with pytest.raises(CannotOwn, match="managers and leads of Support"):
        case.hand_off(ANA, "You know them", by=MAYA, at=SOON)
    with pytest.raises(AlreadyOwner):
        case.hand_off(MAYA, "Myself", by=MAYA, at=SOON)
    with pytest.raises(NotAllowed):
        case.hand_off(BEN, "I want it", by=BEN, at=SOON)


def test_only_the_recipient_of_a_hand_off_answers_it() -> None:
    case = pending_hand_off()
    with pytest.raises(NotOffered):
        case.accept(by=LEO, at=LATER)
    with pytest.raises(NotOffered):
        case.decline_handoff(by=Person(UserId("U0ELSE")), at=LATER)


def test_a_hand_off_keeps_the_wait_of_a_waiting_case() -> None:
    case = a_case()
    case.claim(by=MAYA, at=MONDAY_9AM)
    until = MONDAY_9AM + timedelta(days=2)
    case.wait(Waiting.CUSTOMER, "A call", resume_by=until, by=MAYA, at=SOON)
    case.hand_off(BEN, "They call at noon", by=MAYA, at=SOON)
    case.accept(by=BEN, at=LATER)
    assert (case.status, case.owner) == (Status.WAITING, BEN.user)
    assert case.current_wait is not None


def test_resolving_a_case_cancels_its_pending_hand_off() -> None:
    case = pending_hand_off()
    done = Resolution(outcome="Fine", root_cause="A", prevention="A watch", left_out="Easy")
    case.resolve(done, by=MAYA, at=LATER)
    with pytest.raises(AlreadyResolved):
        case.hand_off(BEN, "Please", by=MAYA, at=LATER)
    with pytest.raises(NotOffered):
        case.accept(by=BEN, at=LATER)
    case.reopen("It is back", by=ANA, at=LATER + timedelta(minutes=1))
    assert case.pending_handoff is None
