"""What people do with a case drives its clocks, and time tells whoever can act."""

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


def promised(*, claimed: bool = True) -> Case:
    """Ana's urgent case with all its clocks; Maya has it since five past nine."""
    case = a_case(team=a_team(PROMISES))
    if claimed:
        case.claim(by=MAYA, at=at(minutes=5))
    return case


def state(case: Case, metric: Metric) -> ClockState:
    clock = case.clock(metric)
    assert clock is not None
    return clock.state


def due(case: Case, metric: Metric) -> timedelta | None:
    """When it is due, since the case was opened."""
    clock = case.clock(metric)
    assert clock is not None
    return clock.due_at - MONDAY_9AM if clock.due_at is not None else None


def told(case: Case) -> tuple[EventKind, tuple[Metric, ...]]:
    return case.history[-1].kind, case.history[-1].clocks


def test_a_talk_with_the_customer_meets_the_first_response_and_counts_as_an_update() -> None:
    case = promised()
    case.contact("They know we are on it", by=MAYA, at=at(minutes=20))
    assert state(case, Metric.FIRST_RESPONSE) is ClockState.MET
    assert due(case, Metric.UPDATE) == after(hours=2, minutes=20)


def test_an_update_starts_the_next_cycle_of_updates() -> None:
    case = promised()
    case.update("Still looking", by=MAYA, at=at(hours=1))
    assert [clock.cycle for clock in case.clocks if clock.metric is Metric.UPDATE] == [1, 2]
    assert due(case, Metric.UPDATE) == after(hours=3)


def test_a_wait_on_the_customer_pauses_the_resolution_and_no_other_clock() -> None:
    case = promised()
    case.wait(Waiting.CUSTOMER, "A screenshot", resume_by=at(hours=5), by=MAYA, at=at(hours=1))
    assert case.current_wait is not None
    assert state(case, Metric.RESOLUTION) is ClockState.PAUSED
    assert state(case, Metric.FIRST_RESPONSE) is not ClockState.PAUSED
    case.resume(by=MAYA, at=at(hours=2))
    assert case.current_wait is None
    assert due(case, Metric.RESOLUTION) == after(hours=5)


def test_an_answer_of_the_customer_ends_a_wait_on_them_at_once() -> None:
    case = promised()
    case.wait(Waiting.CUSTOMER, "A screenshot", resume_by=at(hours=5), by=MAYA, at=at(hours=1))
    case.hear("Here it is", by=MAYA, at=at(hours=2))
    assert case.status is Status.CLAIMED
    assert due(case, Metric.RESOLUTION) == after(hours=5)


def test_an_answer_of_the_customer_does_not_end_a_wait_on_a_third_party() -> None:
    case = promised()
    case.wait(Waiting.THIRD_PARTY, "The bank", resume_by=at(hours=5), by=MAYA, at=at(hours=1))
    case.hear("Any news?", by=MAYA, at=at(hours=2))
    assert case.status is Status.WAITING


def test_a_wait_that_is_left_straight_into_resolved_does_not_count_for_the_resolution() -> None:
    case = promised()
    case.wait(Waiting.CUSTOMER, "A screenshot", resume_by=at(hours=6), by=MAYA, at=at(hours=1))
    case.resolve(DONE, by=MAYA, at=at(hours=6))
    assert state(case, Metric.RESOLUTION) is ClockState.MET


def test_a_wait_that_outlasts_its_resume_by_is_told_to_the_owner_once() -> None:
    case = promised()
    case.contact("Called", by=MAYA, at=at(minutes=10))
    case.wait(Waiting.CUSTOMER, "A form", resume_by=at(hours=1), by=MAYA, at=at(minutes=20))
    case.tick(at=at(minutes=59))
    assert told(case)[0] is EventKind.WAITING
    case.tick(at=at(hours=1))
    assert told(case)[0] is EventKind.OVERDUE
    before = len(case.history)
    case.tick(at=at(hours=1, minutes=1))
    assert len(case.history) == before


@pytest.mark.parametrize("step", ["update", "contact", "hear", "wait", "resume", "priority"])
def test_only_its_owner_or_a_lead_moves_a_case_on(step: str) -> None:
    case = promised()
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
        case "hear":
            case.hear("News", by=person, at=now)
        case "wait":
            case.wait(Waiting.CUSTOMER, "Why", resume_by=at(days=1), by=person, at=now)
        case "resume":
            case.resume(by=person, at=now)
        case _:
            case.change_priority(Priority.LOW, "Why", by=person, at=now)


def test_what_cannot_be_is_refused_and_leaves_no_trace() -> None:
    case = promised()
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


def test_a_lower_priority_gives_the_running_clocks_more_time_and_leaves_the_ended_alone() -> None:
    case = promised()
    case.change_priority(Priority.NORMAL, "Only one branch", by=MAYA, at=at(hours=1))
    assert state(case, Metric.CLAIM) is ClockState.MET
    assert due(case, Metric.RESOLUTION) == after(days=2, hours=6)  # 24 h of nine-hour days
    assert case.opened_priority is Priority.URGENT


def test_before_a_change_of_priority_it_is_shown_what_each_would_mean() -> None:
    case = promised()
    shown = clocks_at_each_priority(case, at=at(hours=1))
    ends = {priority: [it.due_at for it in shown[priority]][-1] for priority in Priority}
    assert ends[Priority.URGENT] == at(hours=4)
    assert ends[Priority.NORMAL] == at(days=2, hours=6)
    assert case.priority is Priority.URGENT


def test_an_owner_is_warned_alone_and_a_breach_goes_to_the_leads_too() -> None:
    case = promised()
    case.tick(at=at(minutes=48))
    assert told(case) == (EventKind.AT_RISK, (Metric.FIRST_RESPONSE,))
    assert audiences(case) == {(Audience.THREAD, SUPPORT), (Audience.OWNER, MAYA.user)}
    case.tick(at=at(minutes=60))
    assert told(case) == (EventKind.BREACHED, (Metric.FIRST_RESPONSE,))
    assert (Audience.NAMED, LEO.user) in audiences(case)


def audiences(case: Case) -> set[tuple[Audience, str]]:
    return {(note.audience, note.channel) for note in case.history[-1].notifications}


def test_a_breach_that_nobody_has_noticed_yet_is_told_though_something_else_happened() -> None:
    case = promised(claimed=False)
    case.claim(by=MAYA, at=at(hours=1, minutes=10))  # the first response was due at ten
    assert case.next_check_at == at(hours=1, minutes=10)
    case.tick(at=at(hours=1, minutes=10))
    assert told(case) == (EventKind.BREACHED, (Metric.FIRST_RESPONSE,))


def test_after_an_outage_a_case_tells_the_worst_of_all_its_clocks_in_one_message() -> None:
    case = promised()
    before = len(case.history)
    case.tick(at=at(hours=3, minutes=30))  # update and response are late, resolution at risk
    assert told(case) == (EventKind.BREACHED, (Metric.FIRST_RESPONSE, Metric.UPDATE))
    case.tick(at=at(hours=3, minutes=31))
    assert len(case.history) == before + 1


def test_a_warning_two_minutes_before_the_end_is_left_out() -> None:
    short = TEAM.replace('{ claim = "15m" }', '{ claim = "5m" }')
    case = a_case(team=a_team(short))
    for second in range(0, 600, 30):
        case.tick(at=at(seconds=second))
    assert [it.kind for it in case.history] == [EventKind.OPENED, EventKind.BREACHED]


def test_an_edit_of_the_document_moves_what_runs_and_not_what_has_ended() -> None:
    case = promised()
    quicker = PROMISES.replace('claim = "15m"', 'claim = "1m"').replace('= "4h" }', '= "2h" }', 1)
    revise(case.team, quicker)
    case.tick(at=at(minutes=10))
    assert state(case, Metric.CLAIM) is ClockState.MET
    assert due(case, Metric.CLAIM) == after(minutes=15)
    assert due(case, Metric.RESOLUTION) == after(hours=2)
    assert case.card.wanted > 2


def test_an_edit_of_the_document_leaves_a_resolved_case_alone() -> None:
    case = promised()
    case.resolve(DONE, by=MAYA, at=at(hours=2))
    revise(case.team, PROMISES.replace('"4h"', '"1h"'))
    case.tick(at=at(hours=3))
    assert state(case, Metric.RESOLUTION) is ClockState.MET


def revise(team: Team, source: str) -> None:
    team.revise(read_team(source), team.channel, at=at(minutes=9))


def test_a_case_opened_before_promises_were_enforced_has_no_clocks() -> None:
    later = PROMISES.replace(
        'calendar = "office"', 'calendar = "office"\nenforce_from = "2026-04-01"'
    )
    case = a_case(team=a_team(later))
    assert case.clocks == []
    assert case.next_check_at is None


def test_every_due_time_is_accounted_for() -> None:
    case = promised()
    case.wait(Waiting.CUSTOMER, "A form", resume_by=at(hours=5), by=MAYA, at=at(hours=1))
    case.resume(by=MAYA, at=at(hours=2))
    accounts = {it.clock: it.explanation for it in read_clocks(case, at=at(hours=3))}
    assert any("opened" in line for line in accounts[Metric.RESOLUTION])
    assert any("waited on the customer 1 h" in line for line in accounts[Metric.RESOLUTION])


def test_a_wait_that_ended_unnoticed_is_told_though_the_owner_wrote_meanwhile() -> None:
    case = promised()
    case.contact("Called", by=MAYA, at=at(minutes=10))
    case.wait(Waiting.CUSTOMER, "A form", resume_by=at(hours=1), by=MAYA, at=at(minutes=20))
    case.update("Nothing yet", by=MAYA, at=at(hours=1, minutes=5))
    assert case.next_check_at == at(hours=1, minutes=5)
    case.tick(at=at(hours=1, minutes=5))
    assert told(case)[0] is EventKind.OVERDUE


def test_a_wait_that_ends_with_a_breach_is_told_after_it() -> None:
    case = promised()
    case.wait(Waiting.CUSTOMER, "A form", resume_by=at(hours=1), by=MAYA, at=at(minutes=20))
    case.tick(at=at(hours=1))
    assert told(case) == (EventKind.BREACHED, (Metric.FIRST_RESPONSE,))
    assert case.next_check_at == at(hours=1)
    case.tick(at=at(hours=1))
    assert told(case)[0] is EventKind.OVERDUE


def test_a_clock_that_nobody_promises_any_more_stops_without_a_verdict() -> None:
    case = promised()
    revise(case.team, TEAM)
    case.tick(at=at(minutes=10))
    assert state(case, Metric.RESOLUTION) is ClockState.CANCELLED
    assert case.next_check_at is None
    revise(case.team, PROMISES)
    case.tick(at=at(minutes=11))
    assert due(case, Metric.RESOLUTION) == after(hours=4)


def test_a_second_breach_is_told_after_the_promise_was_relaxed_and_broken_again() -> None:
    case = promised(claimed=False)
    case.tick(at=at(minutes=15))
    revise(case.team, PROMISES.replace('claim = "15m"', 'claim = "18m"'))
    case.tick(at=at(minutes=16))
    case.tick(at=at(minutes=18))
    breaches = [it for it in case.history if it.kind is EventKind.BREACHED]
    assert [it.at for it in breaches] == [at(minutes=15), at(minutes=18)]


def test_nobody_lets_a_case_wait_that_nobody_has() -> None:
    case = promised(claimed=False)
    with pytest.raises(NotClaimed):
        case.wait(Waiting.CUSTOMER, "Why", resume_by=at(hours=1), by=LEO, at=at(minutes=1))


def test_a_case_is_looked_at_again_a_working_day_later() -> None:
    case = promised()
    assert case.look_again_at(after=at(days=4)) == at(days=4, hours=8)  # Friday at nine
    assert case.look_again_at(after=at(days=4, hours=7)) == at(days=7, hours=6)


def test_an_owner_hears_what_a_lead_does_with_their_case() -> None:
    case = promised()
    case.change_priority(Priority.LOW, "It can wait", by=LEO, at=at(minutes=6))
    assert (Audience.OWNER, MAYA.user) in audiences(case)
    case.change_priority(Priority.HIGH, "It cannot", by=MAYA, at=at(minutes=7))
    assert (Audience.OWNER, MAYA.user) not in audiences(case)


def test_a_card_is_everyones_in_its_channel_and_elsewhere_only_theirs_whom_it_concerns() -> None:
    case = promised()
    for person in (ANA, MAYA, BEN, LEO):
        case.may_be_seen(by=person, where=None)
    stranger = a_member("U0ELSE")
    case.may_be_seen(by=stranger, where=ChannelId(SUPPORT))
    with pytest.raises(NotAllowed, match="managers of Support"):
        case.may_be_seen(by=stranger, where=ChannelId("C0RANDOM"))
