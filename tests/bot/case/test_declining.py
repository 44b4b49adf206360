"""Declining a case, and the one appeal that its reporter has."""

from datetime import timedelta

import pytest

from bot.case import Case, Refusal, Status
from bot.case.event import EventKind
from bot.errors import (
    AlreadyAppealed,
    AlreadyDeclined,
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

COLLEAGUE = Person(UserId("U0ELSE"), standing=Standing.MEMBER)
NO = Refusal(why="The FAQ has it", next_step="Send them page 7")
SOON, LATER = MONDAY_9AM + timedelta(minutes=5), MONDAY_9AM + timedelta(minutes=65)
PROMISES = TEAM.replace('{ claim = "15m" }', '{ claim = "15m", resolution = "4h" }')


def declined() -> Case:
    case = a_case(team=a_team(PROMISES))
    case.decline(NO, by=MAYA, at=SOON)
    return case


def recipients(case: Case) -> set[str]:
    return {note.channel for note in case.history[-1].notifications}


def test_declining_closes_a_case_and_notifies_its_reporter() -> None:
    case = declined()
    assert (case.status, case.over_at, case.next_check_at) == (Status.DECLINED, SOON, None)
    assert {clock.state for clock in case.clocks} == {ClockState.CANCELLED}
    assert recipients(case) == {"C0SUPPORT", ANA.user}
    with pytest.raises(AlreadyDeclined):
        case.claim(by=MAYA, at=LATER)
    with pytest.raises(AlreadyDeclined):
        case.decline(NO, by=LEO, at=LATER)


def test_only_a_manager_declines_a_case_and_only_while_it_is_unclaimed() -> None:
    case = a_case()
    with pytest.raises(NotAllowed, match="managers of Support"):
        case.decline(NO, by=ANA, at=SOON)
    case.claim(by=MAYA, at=SOON)
    with pytest.raises(NotOpen, match=MAYA.user):
        case.decline(NO, by=BEN, at=LATER)


def test_an_appeal_reopens_a_case_and_notifies_the_leads_and_the_manager_who_declined() -> None:
    case = declined()
    case.appeal("They threaten to leave", by=ANA, at=LATER)
    assert (case.status, case.over_at) == (Status.OPEN, None)
    assert recipients(case) == {"C0SUPPORT", LEO.user, MAYA.user}


def test_an_appeal_resumes_the_resolution_clock_and_starts_a_new_claim_clock() -> None:
    case = declined()
    case.appeal("They threaten to leave", by=ANA, at=LATER)
    resolution, claim = case.clock(Metric.RESOLUTION), case.clock(Metric.CLAIM)
    assert resolution is not None
    assert claim is not None
    assert resolution.due_at == MONDAY_9AM + timedelta(hours=5)  # 4 h, and 1 h while declined
    assert (claim.cycle, claim.due_at) == (2, LATER + timedelta(minutes=15))


def test_a_reporter_appeals_once() -> None:
    case = declined()
    with pytest.raises(NotAllowed):
        case.appeal("Me too", by=COLLEAGUE, at=LATER)
    case.appeal("They threaten to leave", by=ANA, at=LATER)
    with pytest.raises(NotDeclined):
        case.appeal("Again", by=ANA, at=LATER)
    case.decline(NO, by=BEN, at=LATER)
    with pytest.raises(AlreadyAppealed):
        case.appeal("Again", by=ANA, at=LATER)
    assert not case.may_be_appealed


def test_a_follower_cannot_use_the_appeal_of_the_reporter() -> None:
    case = a_case()
    case.follow("Me too", by=COLLEAGUE, at=SOON)
    case.decline(NO, by=MAYA, at=SOON)
    with pytest.raises(NotAllowed, match="the reporter"):
        case.appeal("I disagree", by=COLLEAGUE, at=LATER)
    case.appeal("They threaten to leave", by=ANA, at=LATER)
    assert case.status is Status.OPEN


def test_a_manager_reopens_a_declined_case_but_its_reporter_appeals() -> None:
    case = declined()
    with pytest.raises(AppealInstead):
        case.reopen("I disagree", by=ANA, at=LATER)
    with pytest.raises(TooLateToReopen):
        case.reopen("After all", by=BEN, at=SOON + timedelta(days=8))
    case.reopen("After all", by=BEN, at=LATER)
    assert case.status is Status.OPEN
    assert case.history[-1].kind is EventKind.REOPENED
