"""A case that needs no manager is declined, kindly; and its reporter may appeal, once."""

from datetime import timedelta

import pytest

from bot.case import Case, Refusal, Status
from bot.case.event import EventKind
from bot.errors import (
    AlreadyDeclined,
    AppealedAlready,
    AppealInstead,
    NotAllowed,
    NotDeclined,
    NotOpen,
    TooLateToReopen,
)
from bot.people import Person, Standing, UserId
from bot.sla import ClockState, Metric
from tests.builders import ANA, BEN, LEO, MAYA, a_case, a_team
from tests.world import MONDAY_9AM, TEAM

A_COLLEAGUE = Person(UserId("U0ELSE"), standing=Standing.MEMBER)
NO = Refusal(why="The FAQ has it", next_step="Send them page 7")
SOON, LATER = MONDAY_9AM + timedelta(minutes=5), MONDAY_9AM + timedelta(minutes=65)
PROMISES = TEAM.replace('{ claim = "15m" }', '{ claim = "15m", resolution = "4h" }')


def declined() -> Case:
    case = a_case(team=a_team(PROMISES))
    case.decline(NO, by=MAYA, at=SOON)
    return case


def heard(case: Case) -> set[str]:
    return {note.channel for note in case.history[-1].notifications}


def test_a_declined_case_is_over_and_its_reporter_hears_of_it() -> None:
    case = declined()
    assert (case.status, case.over_at, case.next_check_at) == (Status.DECLINED, SOON, None)
    assert {clock.state for clock in case.clocks} == {ClockState.CANCELLED}
    assert heard(case) == {"C0SUPPORT", ANA.user}
    with pytest.raises(AlreadyDeclined):
        case.claim(by=MAYA, at=LATER)
    with pytest.raises(AlreadyDeclined):
        case.decline(NO, by=LEO, at=LATER)


def test_only_a_manager_declines_and_only_what_nobody_has() -> None:
    case = a_case()
    with pytest.raises(NotAllowed, match="managers of Support"):
        case.decline(NO, by=ANA, at=SOON)
    case.claim(by=MAYA, at=SOON)
    with pytest.raises(NotOpen, match=MAYA.user):
        case.decline(NO, by=BEN, at=LATER)


def test_an_appeal_opens_a_case_again_and_the_leads_and_who_declined_hear_of_it() -> None:
    case = declined()
    case.appeal("They threaten to leave", by=ANA, at=LATER)
    assert (case.status, case.over_at) == (Status.OPEN, None)
    assert heard(case) == {"C0SUPPORT", LEO.user, MAYA.user}


def test_what_was_promised_goes_on_where_it_was_when_a_case_was_declined() -> None:
    case = declined()
    case.appeal("They threaten to leave", by=ANA, at=LATER)
    resolution, claim = case.clock(Metric.RESOLUTION), case.clock(Metric.CLAIM)
    assert resolution is not None
    assert claim is not None
    assert resolution.due_at == MONDAY_9AM + timedelta(hours=5)  # declined for an hour
    assert (claim.cycle, claim.due_at) == (2, LATER + timedelta(minutes=15))


def test_a_reporter_appeals_once() -> None:
    case = declined()
    with pytest.raises(NotAllowed):
        case.appeal("Me too", by=A_COLLEAGUE, at=LATER)
    case.appeal("They threaten to leave", by=ANA, at=LATER)
    with pytest.raises(NotDeclined):
        case.appeal("Again", by=ANA, at=LATER)
    case.decline(NO, by=BEN, at=LATER)
    with pytest.raises(AppealedAlready):
        case.appeal("Again", by=ANA, at=LATER)
    assert not case.may_be_appealed


def test_whoever_follows_a_case_does_not_use_up_the_appeal_of_its_reporter() -> None:
    case = a_case()
    case.follow("Me too", by=A_COLLEAGUE, at=SOON)
    case.decline(NO, by=MAYA, at=SOON)
    with pytest.raises(NotAllowed, match="the reporter"):
        case.appeal("I disagree", by=A_COLLEAGUE, at=LATER)
    case.appeal("They threaten to leave", by=ANA, at=LATER)
    assert case.status is Status.OPEN


def test_a_manager_reopens_a_declined_case_and_its_reporter_is_told_to_appeal() -> None:
    case = declined()
    with pytest.raises(AppealInstead):
        case.reopen("I disagree", by=ANA, at=LATER)
    with pytest.raises(TooLateToReopen):
        case.reopen("After all", by=BEN, at=SOON + timedelta(days=8))
    case.reopen("After all", by=BEN, at=LATER)
    assert case.status is Status.OPEN
    assert case.history[-1].kind is EventKind.REOPENED
