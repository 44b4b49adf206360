"""The steps of a case: who may take them and what they change."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.case import Case, MissReason, Resolution, Status
from bot.case.event import EventKind
from bot.errors import (
    AlreadyClaimed,
    AlreadyResolved,
    BotError,
    ContinuedElsewhere,
    MissReasonNeeded,
    NotAllowed,
    StillOpen,
    TooLateToReopen,
)
from bot.people import CaseId
from bot.priority import Priority
from bot.sla import ClockState, Metric
from bot.team import Waiting
from tests.builders import ANA, BEN, LEO, MAYA, a_case, a_member, a_new_case, a_team, berlin
from tests.world import MONDAY_9AM, SUPPORT, TEAM

DONE = Resolution(
    outcome="Works again", root_cause="A bad deploy", prevention="A canary", left_out="Easy"
)
OUTSIDER = a_member("U0ELSE")
DUE = MONDAY_9AM + timedelta(minutes=15)
SOON, LATER = MONDAY_9AM + timedelta(minutes=5), MONDAY_9AM + timedelta(minutes=50)


def kinds(case: Case) -> list[EventKind]:
    return [event.kind for event in case.history]


def claimed() -> Case:
    case = a_case()
    case.claim(by=MAYA, at=SOON)
    return case


def resolved() -> Case:
    case = claimed()
    case.resolve(DONE, by=MAYA, at=LATER)
    return case


def test_a_new_case_is_open_and_its_claim_clock_runs() -> None:
    case = a_case()
    assert (case.status, case.owner) == (Status.OPEN, None)
    [clock] = case.clocks
    assert clock.due_at == MONDAY_9AM + timedelta(minutes=15)
    assert case.next_check_at == MONDAY_9AM + timedelta(minutes=7, seconds=30)  # half of 15 min


@pytest.mark.parametrize(
    ("opened", "priority", "due"),
    [
        ("2026-03-06 17:50", Priority.URGENT, "2026-03-09 09:05"),  # over the weekend
        ("2026-03-06 16:00", Priority.NORMAL, "2026-03-06 18:00"),  # fills the day: due at closing
        ("2026-03-07 12:00", Priority.HIGH, "2026-03-09 09:30"),  # on a Saturday
        ("2026-03-02 15:00", Priority.LOW, "2026-03-03 10:00"),
    ],
)
def test_the_claim_clock_counts_business_hours_only(
    opened: str, priority: Priority, due: str
) -> None:
    case = a_case(at=berlin(opened), priority=priority)
    assert case.clocks[0].due_at == berlin(due)


def test_a_priority_without_a_target_has_no_clock() -> None:
    team = a_team(TEAM.replace('targets.low = { claim = "4h" }', "targets.low = {}"))
    case = a_case(team=team, priority=Priority.LOW)
    assert case.clocks == []
    assert case.next_check_at is None


def test_claiming_sets_the_owner_and_meets_the_claim_clock() -> None:
    case = claimed()
    assert (case.status, case.owner) == (Status.CLAIMED, MAYA.user)
    assert case.clocks[0].state is ClockState.MET
    assert case.next_check_at is None


def test_a_claimed_case_cannot_be_claimed_again() -> None:
    case = claimed()
    with pytest.raises(AlreadyClaimed, match=MAYA.user):
        case.claim(by=BEN, at=LATER)
    assert case.owner == MAYA.user


def test_claiming_your_own_case_again_changes_nothing() -> None:
    case = claimed()
    case.claim(by=MAYA, at=LATER)
    assert kinds(case) == [EventKind.OPENED, EventKind.CLAIMED]


def test_a_claim_at_the_due_time_is_on_time() -> None:
    case = a_case()
    case.claim(by=MAYA, at=DUE)
    assert case.clocks[0].state is ClockState.MET


def test_a_claim_after_the_due_time_is_late() -> None:
    case = a_case()
    case.claim(by=MAYA, at=DUE + timedelta(seconds=1))
    assert case.clocks[0].state is ClockState.MET_LATE


def test_an_agent_cannot_claim_but_a_manager_from_a_user_group_can() -> None:
    case = a_case()
    with pytest.raises(NotAllowed, match="managers of Support"):
        case.claim(by=ANA, at=SOON)
    case.claim(by=BEN, at=SOON)
    assert case.owner == BEN.user


def test_the_owner_resolves_a_case_and_records_the_outcome() -> None:
    case = resolved()
    assert case.status is Status.RESOLVED
    assert (case.outcome, case.root_cause, case.prevention) == (
        "Works again",
        "A bad deploy",
        "A canary",
    )
    assert case.over_at == LATER


def test_resolving_a_case_with_a_missed_promise_needs_a_reason() -> None:
    case = a_case()
    case.claim(by=MAYA, at=DUE + timedelta(seconds=1))
    assert case.missed(at=LATER) == [Metric.CLAIM]
    with pytest.raises(MissReasonNeeded, match="ESC-1"):
        case.resolve(DONE, by=MAYA, at=LATER)
    case.resolve(replace(DONE, miss_reason=MissReason.MORE_FACTS), by=MAYA, at=LATER)
    assert case.miss_reason is MissReason.MORE_FACTS


def test_a_promise_is_missed_only_after_its_due_time() -> None:
    case = a_case()
    assert case.missed(at=DUE) == []
    assert case.missed(at=DUE + timedelta(microseconds=1)) == [Metric.CLAIM]


def test_a_wait_does_not_undo_an_earlier_breach() -> None:
    case = a_case(team=a_team(TEAM.replace('claim = "15m"', 'claim = "1h", resolution = "30m"')))
    case.claim(by=MAYA, at=SOON)
    soon_after = LATER + timedelta(hours=2)
    case.wait(Waiting.CUSTOMER, "A form", resume_by=soon_after, by=MAYA, at=LATER)
    assert case.missed(at=soon_after) == [Metric.RESOLUTION]


def test_only_the_owner_or_a_lead_resolves_a_case() -> None:
    case = claimed()
    with pytest.raises(NotAllowed, match=MAYA.user):
        case.resolve(DONE, by=BEN, at=LATER)
    case.resolve(DONE, by=LEO, at=LATER)
    assert case.status is Status.RESOLVED


def test_a_manager_claims_a_case_before_resolving_it() -> None:
    with pytest.raises(NotAllowed, match="Claim it first"):
        a_case().may_resolve(MAYA)


def test_a_lead_who_resolves_an_unclaimed_case_cancels_its_claim_clock() -> None:
    case = a_case()
    case.resolve(DONE, by=LEO, at=SOON)
    assert case.clocks[0].state is ClockState.CANCELLED
    assert case.next_check_at is None


def test_a_resolved_case_cannot_be_claimed_or_resolved_again() -> None:
    case = resolved()
    with pytest.raises(AlreadyResolved):
        case.claim(by=BEN, at=LATER)
    with pytest.raises(AlreadyResolved):
        case.resolve(DONE, by=MAYA, at=LATER)


def test_a_reopened_case_goes_back_to_its_last_owner() -> None:
    case = resolved()
    case.reopen("It is back", by=ANA, at=LATER + timedelta(days=1))
    assert (case.status, case.owner) == (Status.CLAIMED, MAYA.user)
    assert case.history[-1].note == "It is back"


def test_reopening_a_case_without_an_owner_starts_a_new_claim_clock() -> None:
    case = a_case()
    case.resolve(DONE, by=LEO, at=SOON)
    case.reopen("It is back", by=ANA, at=LATER)
    assert case.status is Status.OPEN
    assert [clock.cycle for clock in case.clocks] == [1, 2]
    clock = case.clock(Metric.CLAIM)
    assert clock is not None
    assert clock.due_at == LATER + timedelta(minutes=15)


def test_the_reporter_or_a_manager_reopens_a_case_within_seven_days() -> None:
    case = resolved()
    with pytest.raises(NotAllowed):
        case.reopen("Me too", by=OUTSIDER, at=LATER)
    with pytest.raises(TooLateToReopen, match="ESC-1"):
        case.reopen("It is back", by=ANA, at=LATER + timedelta(days=7, seconds=1))
    case.reopen("It is back", by=BEN, at=LATER + timedelta(days=7))


def test_a_team_sets_for_how_many_days_a_case_can_be_reopened() -> None:
    case = a_case(team=a_team(TEAM.replace("[calendars", "reopen_days = 0\n\n[calendars", 1)))
    case.resolve(DONE, by=LEO, at=SOON)
    assert not case.is_long_closed(at=SOON)
    assert case.is_long_closed(at=LATER)
    with pytest.raises(TooLateToReopen, match="Click Reopen again to open a follow-up case"):
        case.reopen("It is back", by=ANA, at=LATER)


def test_a_case_continues_in_at_most_one_other_case() -> None:
    case = resolved()
    case.continue_in(CaseId(2), by=ANA, at=LATER)
    with pytest.raises(ContinuedElsewhere, match="continues in ESC-2"):
        case.continue_in(CaseId(3), by=MAYA, at=LATER)
    with pytest.raises(ContinuedElsewhere, match="continues in ESC-2"):
        case.reopen("It is back", by=MAYA, at=LATER)
    assert case.continued_in == 2
    assert (kinds(case)[-1], case.history[-1].other) == (EventKind.CONTINUED, 2)
    assert {note.channel for note in case.history[-1].notifications} == {SUPPORT, MAYA.user}


@pytest.mark.parametrize("restricted", [False, True])
def test_a_case_that_follows_a_restricted_one_is_also_restricted(restricted: bool) -> None:
    case = resolved()
    case.restricted = restricted
    form = a_new_case(follows=case.id)
    new = Case.open(form, case.team, id_=CaseId(2), by=ANA, at=LATER, after=case)
    assert new.restricted is restricted
    assert case.continued_in == 2


def test_reopening_a_case_keeps_the_result_of_its_first_resolution() -> None:
    source = TEAM.replace('claim = "15m"', 'claim = "15m", resolution = "4h"')
    case = a_case(team=a_team(source))
    case.claim(by=MAYA, at=SOON)
    case.resolve(DONE, by=MAYA, at=LATER)
    case.reopen("It is back", by=ANA, at=LATER + timedelta(days=1))
    case.resolve(DONE, by=MAYA, at=LATER + timedelta(days=2))
    [resolution] = [clock for clock in case.clocks if clock.metric is Metric.RESOLUTION]
    assert (resolution.state, resolution.ended_at) == (ClockState.MET, LATER)
    assert case.reopened == 1


def test_a_case_in_progress_cannot_be_reopened() -> None:
    with pytest.raises(StillOpen):
        claimed().reopen("Why not", by=ANA, at=LATER)


def test_an_unclaimed_case_is_reported_at_risk_once_and_breached_once() -> None:
    case = a_case()
    for minute in range(60):
        case.tick(at=MONDAY_9AM + timedelta(minutes=minute))
    assert kinds(case) == [EventKind.OPENED, EventKind.AT_RISK, EventKind.BREACHED]
    assert case.next_check_at is None


def test_after_an_outage_only_the_breach_is_reported() -> None:
    case = a_case()
    case.tick(at=MONDAY_9AM + timedelta(hours=6))
    assert kinds(case) == [EventKind.OPENED, EventKind.BREACHED]


def test_a_claimed_case_gets_no_claim_reminders() -> None:
    case = claimed()
    case.tick(at=MONDAY_9AM + timedelta(days=3))
    assert kinds(case) == [EventKind.OPENED, EventKind.CLAIMED]


def test_a_refused_step_changes_nothing() -> None:
    case = claimed()
    before = (kinds(case), case.card.wanted, case.owner)
    with pytest.raises(BotError):
        case.claim(by=ANA, at=LATER)
    with pytest.raises(BotError):
        case.resolve(DONE, by=ANA, at=LATER)
    with pytest.raises(BotError):
        case.reopen("No", by=MAYA, at=LATER)
    assert (kinds(case), case.card.wanted, case.owner) == before
