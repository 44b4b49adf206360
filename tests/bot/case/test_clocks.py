"""How steps and time move a case's clocks, and which notifications follow."""

from datetime import datetime, timedelta

import pytest

from bot.case import Case, MissReason, Resolution, Status, clocks_at_each_priority, read_clocks
from bot.case.event import EventKind
from bot.delivery import Audience
from bot.errors import (
    AlreadyResolved,
    NotAllowed,
    NotClaimed,
    NotWaiting,
    ResumeByPassed,
    SamePriority,
)
from bot.people import ChannelId, Person
from bot.priority import Priority
from bot.sla import ClockState, Metric
from bot.team import Waiting, read_team
from bot.team.team import Team
from tests.builders import ANA, BEN, LEO, MAYA, a_case, a_member, a_team
from tests.world import MONDAY_9AM, SUPPORT, TEAM

PROMISES = TEAM.replace(
    '{ claim = "15m" }',
    '{ claim = "15m", first_response = "1h", update = "2h", resolution = "4h" }',
).replace('{ claim = "2h" }', '{ claim = "2h", resolution = "3d" }')
DONE = Resolution(
    outcome="Works again",
    root_cause="A bad deploy",
    prevention="A canary",
    left_out="Easy",
    miss_reason=MissReason.OTHER,
)


def after(**length: int) -> timedelta:
    return timedelta(**length)


def at(**length: int) -> datetime:
    return MONDAY_9AM + timedelta(**length)


def case_with_clocks(*, claimed: bool = True) -> Case:
    """Return Ana's urgent case with all its clocks, claimed by Maya at 9:05."""
    case = a_case(team=a_team(PROMISES))
    if claimed:
        case.claim(by=MAYA, at=at(minutes=5))
    return case


def state(case: Case, metric: Metric) -> ClockState:
    clock = case.clock(metric)
    assert clock is not None
    return clock.state


def due(case: Case, metric: Metric) -> timedelta | None:
    """Return how long after opening the clock is due, or None while it is paused."""
    clock = case.clock(metric)
    assert clock is not None
    return clock.due_at - MONDAY_9AM if clock.due_at is not None else None


def last_event(case: Case) -> tuple[EventKind, tuple[Metric, ...]]:
    return case.history[-1].kind, case.history[-1].clocks


def test_contacting_the_customer_meets_the_first_response_and_counts_as_an_update() -> None:
    case = case_with_clocks()
    case.contact("They know we are on it", by=MAYA, at=at(minutes=20))
    assert state(case, Metric.FIRST_RESPONSE) is ClockState.MET
    assert due(case, Metric.UPDATE) == after(hours=2, minutes=20)


def test_an_update_starts_the_next_update_cycle() -> None:
    case = case_with_clocks()
    case.update("Still looking", by=MAYA, at=at(hours=1))
    assert [clock.cycle for clock in case.clocks if clock.metric is Metric.UPDATE] == [1, 2]
    assert due(case, Metric.UPDATE) == after(hours=3)


def test_waiting_for_the_customer_pauses_only_the_resolution_clock() -> None:
    case = case_with_clocks()
    case.wait(Waiting.CUSTOMER, "A screenshot", resume_by=at(hours=5), by=MAYA, at=at(hours=1))
    assert case.current_wait is not None
    assert state(case, Metric.RESOLUTION) is ClockState.PAUSED
    assert state(case, Metric.FIRST_RESPONSE) is not ClockState.PAUSED
    case.resume(by=MAYA, at=at(hours=2))
    assert case.current_wait is None
    assert due(case, Metric.RESOLUTION) == after(hours=5)


def test_a_customer_reply_ends_a_wait_for_the_customer() -> None:
    case = case_with_clocks()
    case.wait(Waiting.CUSTOMER, "A screenshot", resume_by=at(hours=5), by=MAYA, at=at(hours=1))
    case.log_reply("Here it is", by=MAYA, at=at(hours=2))
    assert case.status is Status.CLAIMED
    assert due(case, Metric.RESOLUTION) == after(hours=5)


def test_a_customer_reply_does_not_end_a_wait_for_a_third_party() -> None:
    case = case_with_clocks()
    case.wait(Waiting.THIRD_PARTY, "The bank", resume_by=at(hours=5), by=MAYA, at=at(hours=1))
    case.log_reply("Any news?", by=MAYA, at=at(hours=2))
    assert case.status is Status.WAITING


def test_a_wait_that_ends_by_resolving_does_not_count_as_resolution_time() -> None:
    case = case_with_clocks()
    case.wait(Waiting.CUSTOMER, "A screenshot", resume_by=at(hours=6), by=MAYA, at=at(hours=1))
    case.resolve(DONE, by=MAYA, at=at(hours=6))
    assert state(case, Metric.RESOLUTION) is ClockState.MET


def test_the_end_of_a_wait_is_reported_once() -> None:
    case = case_with_clocks()
    case.contact("Called", by=MAYA, at=at(minutes=10))
    case.wait(Waiting.CUSTOMER, "A form", resume_by=at(hours=1), by=MAYA, at=at(minutes=20))
    case.tick(at=at(minutes=59))
    assert last_event(case)[0] is EventKind.WAITING
    case.tick(at=at(hours=1))
    assert last_event(case)[0] is EventKind.OVERDUE
    before = len(case.history)
    case.tick(at=at(hours=1, minutes=1))
    assert len(case.history) == before


@pytest.mark.parametrize("step", ["update", "contact", "log_reply", "wait", "resume", "priority"])
def test_only_the_owner_or_a_lead_works_on_a_claimed_case(step: str) -> None:
    case = case_with_clocks()
    for person in (ANA, BEN):
        with pytest.raises(NotAllowed, match=MAYA.user):
            take(step, case, person)
    if step != "resume":
        take(step, case, LEO)


def take(step: str, case: Case, person: Person) -> None:
    now = at(minutes=30)
    match step:
        case "update":
            case.update("News", by=person, at=now)
        case "contact":
            case.contact("News", by=person, at=now)
        case "log_reply":
            case.log_reply("News", by=person, at=now)
        case "wait":
            case.wait(Waiting.CUSTOMER, "Why", resume_by=at(days=1), by=person, at=now)
        case "resume":
            case.resume(by=person, at=now)
        case _:
            case.change_priority(Priority.LOW, "Why", by=person, at=now)


def test_an_impossible_step_is_refused_and_changes_nothing() -> None:
    case = case_with_clocks()
    before = len(case.history)
    with pytest.raises(ResumeByPassed):
        case.wait(Waiting.CUSTOMER, "Why", resume_by=at(minutes=9), by=MAYA, at=at(minutes=10))
    with pytest.raises(NotWaiting):
        case.resume(by=MAYA, at=at(minutes=10))
    with pytest.raises(SamePriority):
        case.change_priority(Priority.URGENT, "Why", by=MAYA, at=at(minutes=10))
    assert (len(case.history), case.status) == (before, Status.CLAIMED)
    case.resolve(DONE, by=MAYA, at=at(minutes=10))
    with pytest.raises(AlreadyResolved):
        case.update("News", by=MAYA, at=at(minutes=11))


def test_a_lower_priority_extends_running_clocks_and_keeps_ended_ones() -> None:
    case = case_with_clocks()
    case.change_priority(Priority.NORMAL, "Only one branch", by=MAYA, at=at(hours=1))
    assert state(case, Metric.CLAIM) is ClockState.MET
    assert due(case, Metric.RESOLUTION) == after(days=2, hours=6)  # 24 h of nine-hour days
    assert case.opened_priority is Priority.URGENT


def test_due_times_are_previewed_for_each_priority() -> None:
    case = case_with_clocks()
    preview = clocks_at_each_priority(case, at=at(hours=1))
    last_due = {priority: [it.due_at for it in preview[priority]][-1] for priority in Priority}
    assert last_due[Priority.URGENT] == at(hours=4)
    assert last_due[Priority.NORMAL] == at(days=2, hours=6)
    assert case.priority is Priority.URGENT


def test_a_warning_goes_to_the_owner_and_a_breach_to_the_leads_as_well() -> None:
    case = case_with_clocks()
    case.tick(at=at(minutes=48))
    assert last_event(case) == (EventKind.AT_RISK, (Metric.FIRST_RESPONSE,))
    assert audiences(case) == {(Audience.THREAD, SUPPORT), (Audience.OWNER, MAYA.user)}
    case.tick(at=at(minutes=60))
    assert last_event(case) == (EventKind.BREACHED, (Metric.FIRST_RESPONSE,))
    assert (Audience.NAMED, LEO.user) in audiences(case)


def audiences(case: Case) -> set[tuple[Audience, str]]:
    return {(note.audience, note.channel) for note in case.history[-1].notifications}


def test_a_claim_does_not_hide_a_breach_that_was_not_reported_yet() -> None:
    case = case_with_clocks(claimed=False)
    case.claim(by=MAYA, at=at(hours=1, minutes=10))  # the first response was due at ten
    assert case.next_check_at == at(hours=1, minutes=10)
    case.tick(at=at(hours=1, minutes=10))
    assert last_event(case) == (EventKind.BREACHED, (Metric.FIRST_RESPONSE,))


def test_after_an_outage_all_breaches_are_reported_in_one_message() -> None:
    case = case_with_clocks()
    before = len(case.history)
    case.tick(at=at(hours=3, minutes=30))  # update and response are late, resolution at risk
    assert last_event(case) == (EventKind.BREACHED, (Metric.FIRST_RESPONSE, Metric.UPDATE))
    case.tick(at=at(hours=3, minutes=31))
    assert len(case.history) == before + 1


def test_a_warning_within_two_minutes_of_the_due_time_is_skipped() -> None:
    short = TEAM.replace('{ claim = "15m" }', '{ claim = "5m" }')
    case = a_case(team=a_team(short))
    for second in range(0, 600, 30):
        case.tick(at=at(seconds=second))
    assert [it.kind for it in case.history] == [EventKind.OPENED, EventKind.BREACHED]


def test_a_new_team_document_moves_running_clocks_and_keeps_ended_ones() -> None:
    case = case_with_clocks()
    stricter = PROMISES.replace('claim = "15m"', 'claim = "1m"').replace('= "4h" }', '= "2h" }', 1)
    revise(case.team, stricter)
    case.tick(at=at(minutes=10))
    assert state(case, Metric.CLAIM) is ClockState.MET
    assert due(case, Metric.CLAIM) == after(minutes=15)
    assert due(case, Metric.RESOLUTION) == after(hours=2)
    assert case.card.wanted > 2


def test_a_new_team_document_does_not_change_a_resolved_case() -> None:
    case = case_with_clocks()
    case.resolve(DONE, by=MAYA, at=at(hours=2))
    revise(case.team, PROMISES.replace('"4h"', '"1h"'))
    case.tick(at=at(hours=3))
    assert state(case, Metric.RESOLUTION) is ClockState.MET


def revise(team: Team, source: str) -> None:
    team.revise(read_team(source), team.channel, at=at(minutes=9))


def test_a_case_opened_before_enforcement_starts_has_no_clocks() -> None:
    source = PROMISES.replace(
        'calendar = "office"', 'calendar = "office"\nenforce_from = "2026-04-01"'
    )
    case = a_case(team=a_team(source))
    assert case.clocks == []
    assert case.next_check_at is None


def test_every_due_time_is_explained() -> None:
    case = case_with_clocks()
    case.wait(Waiting.CUSTOMER, "A form", resume_by=at(hours=5), by=MAYA, at=at(hours=1))
    case.resume(by=MAYA, at=at(hours=2))
    explanations = {it.clock: it.explanation for it in read_clocks(case, at=at(hours=3))}
    assert any("opened" in line for line in explanations[Metric.RESOLUTION])
    assert any("waited on the customer 1 h" in line for line in explanations[Metric.RESOLUTION])


def test_an_update_does_not_hide_that_a_wait_has_ended() -> None:
    case = case_with_clocks()
    case.contact("Called", by=MAYA, at=at(minutes=10))
    case.wait(Waiting.CUSTOMER, "A form", resume_by=at(hours=1), by=MAYA, at=at(minutes=20))
    case.update("Nothing yet", by=MAYA, at=at(hours=1, minutes=5))
    assert case.next_check_at == at(hours=1, minutes=5)
    case.tick(at=at(hours=1, minutes=5))
    assert last_event(case)[0] is EventKind.OVERDUE


def test_a_breach_is_reported_before_the_end_of_a_wait_at_the_same_time() -> None:
    case = case_with_clocks()
    case.wait(Waiting.CUSTOMER, "A form", resume_by=at(hours=1), by=MAYA, at=at(minutes=20))
    case.tick(at=at(hours=1))
    assert last_event(case) == (EventKind.BREACHED, (Metric.FIRST_RESPONSE,))
    assert case.next_check_at == at(hours=1)
    case.tick(at=at(hours=1))
    assert last_event(case)[0] is EventKind.OVERDUE


def test_a_clock_is_cancelled_when_its_promise_is_removed() -> None:
    case = case_with_clocks()
    revise(case.team, TEAM)
    case.tick(at=at(minutes=10))
    assert state(case, Metric.RESOLUTION) is ClockState.CANCELLED
    assert case.next_check_at is None
    revise(case.team, PROMISES)
    case.tick(at=at(minutes=11))
    assert due(case, Metric.RESOLUTION) == after(hours=4)


def test_a_promise_that_is_relaxed_and_broken_again_is_reported_again() -> None:
    case = case_with_clocks(claimed=False)
    case.tick(at=at(minutes=15))
    revise(case.team, PROMISES.replace('claim = "15m"', 'claim = "18m"'))
    case.tick(at=at(minutes=16))
    case.tick(at=at(minutes=18))
    breaches = [it for it in case.history if it.kind is EventKind.BREACHED]
    assert [it.at for it in breaches] == [at(minutes=15), at(minutes=18)]


def test_an_unclaimed_case_cannot_wait() -> None:
    case = case_with_clocks(claimed=False)
    with pytest.raises(NotClaimed):
        case.wait(Waiting.CUSTOMER, "Why", resume_by=at(hours=1), by=LEO, at=at(minutes=1))


def test_a_wait_lasts_eight_business_hours_by_default() -> None:
    case = case_with_clocks()
    friday = at(days=4)
    assert case.default_resume_by(after=friday) == friday + timedelta(hours=8)
    assert case.default_resume_by(after=at(days=4, hours=7)) == at(days=7, hours=6)


def test_the_owner_is_notified_of_a_priority_change_by_a_lead() -> None:
    case = case_with_clocks()
    case.change_priority(Priority.LOW, "It can wait", by=LEO, at=at(minutes=6))
    assert (Audience.OWNER, MAYA.user) in audiences(case)
    case.change_priority(Priority.HIGH, "It cannot", by=MAYA, at=at(minutes=7))
    assert (Audience.OWNER, MAYA.user) not in audiences(case)


def test_outside_its_channel_a_card_is_shown_only_to_people_involved_in_the_case() -> None:
    case = case_with_clocks()
    for person in (ANA, MAYA, BEN, LEO):
        case.may_be_seen(by=person, where=None)
    outsider = a_member("U0ELSE")
    case.may_be_seen(by=outsider, where=ChannelId(SUPPORT))
    with pytest.raises(NotAllowed, match="managers of Support"):
        case.may_be_seen(by=outsider, where=ChannelId("C0RANDOM"))
