"""The five steps of an escalation, goodwill approval, and follow-up on prevention."""

from datetime import date, timedelta

import pytest

from bot.case import Answer, Case, Offer, Prevention, Resolution, Source, Stage, Status
from bot.case.event import EventKind
from bot.errors import DayPassed, NotAllowed, NothingToApprove, NothingToPrevent, StepsMissing
from bot.people import ChannelId
from bot.sla import Metric
from tests.builders import ANA, BEN, LEO, MAYA, a_case, a_team, berlin
from tests.world import MONDAY_9AM, TEAM

SOON, LATER = MONDAY_9AM + timedelta(minutes=5), MONDAY_9AM + timedelta(minutes=20)
GENEROUS = TEAM + '\n[goodwill]\nlimit = 100\ncurrency = "CHF"\n'
PROMISES = GENEROUS.replace('{ claim = "15m" }', '{ claim = "15m", first_response = "1h" }')


def claimed() -> Case:
    case = a_case(team=a_team(PROMISES))
    case.claim(by=MAYA, at=SOON)
    return case


def kinds(case: Case) -> list[EventKind]:
    return [event.kind for event in case.history]


def resolved(*, by: date | None = None) -> Case:
    case = claimed()
    follow_up = Prevention(owner=BEN.user, by=by) if by else None
    done = Resolution(
        outcome="Works",
        root_cause="A bug",
        prevention="A test",
        prevention_plan=follow_up,
        left_out="Easy",
    )
    case.resolve(done, by=MAYA, at=LATER)
    return case


def test_each_step_leads_to_the_next() -> None:
    case = claimed()
    stages = [case.next_stage]
    case.review(by=MAYA, at=SOON)
    case.review(by=MAYA, at=SOON)
    stages.append(case.next_stage)
    case.contact("They are upset", over=Source.PHONE, by=MAYA, at=SOON)
    stages.append(case.next_stage)
    case.find_facts("The invoice was sent twice", "A bug", by=MAYA, at=SOON)
    stages.append(case.next_stage)
    case.offer(Offer(answer=Answer.GRANTED, words="Money back"), by=MAYA, at=SOON)
    assert [*stages, case.next_stage] == list(Stage)
    assert case.root_cause == "A bug"
    assert kinds(case).count(EventKind.REVIEWED) == 1


def test_contacting_the_customer_meets_the_first_response() -> None:
    case = claimed()
    case.contact("They are upset", over=Source.PHONE, by=MAYA, at=SOON)
    response = case.clock(Metric.FIRST_RESPONSE)
    assert response is not None
    assert response.ended_at == SOON


def test_a_skipped_step_needs_a_reason_and_can_still_be_done() -> None:
    case = claimed()
    case.skip([Stage.HISTORY, Stage.OFFER], "They only asked", by=MAYA, at=SOON)
    assert (case.left_out, case.next_stage) == ({Stage.HISTORY, Stage.OFFER}, Stage.CONTACT)
    case.skip([Stage.HISTORY], "Again", by=MAYA, at=SOON)
    assert kinds(case).count(EventKind.SKIPPED) == 1
    case.review(by=MAYA, at=LATER)
    assert case.done == {Stage.HISTORY}
    assert case.left_out == {Stage.OFFER}


def test_resolving_with_open_steps_needs_a_reason() -> None:
    case = claimed()
    case.contact("They are upset", by=MAYA, at=SOON)
    assert case.missing == [Stage.HISTORY, Stage.OFFER]
    without_reason = Resolution(outcome="Works", root_cause="A bug", prevention="A test")
    with pytest.raises(StepsMissing, match="ESC-1 still needs the history review and an offer"):
        case.resolve(without_reason, by=MAYA, at=LATER)
    assert case.status is Status.CLAIMED
    done = Resolution(outcome="Works", root_cause="A bug", prevention="A test", left_out="Easy")
    case.resolve(done, by=MAYA, at=LATER)
    assert kinds(case)[-2:] == [EventKind.SKIPPED, EventKind.RESOLVED]
    assert case.missing == []


def test_goodwill_above_the_limit_needs_a_leads_approval() -> None:
    case = claimed()
    case.offer(Offer(answer=Answer.PARTLY, words="A part", goodwill=100), by=MAYA, at=SOON)
    assert case.goodwill_asked is None
    case.offer(Offer(answer=Answer.GRANTED, words="All", goodwill=101), by=MAYA, at=SOON)
    assert case.goodwill_asked is not None
    assert LEO.user in {note.channel for note in case.history[-1].notifications}
    with pytest.raises(NotAllowed, match="leads of Support"):
        case.approve(by=MAYA, at=LATER)
    case.approve(by=LEO, at=LATER)
    assert case.goodwill_asked is None
    assert (case.history[-1].goodwill, case.history[-1].other_person) == (101, MAYA.user)
    with pytest.raises(NothingToApprove):
        case.approve(by=LEO, at=LATER)


def test_the_owner_makes_a_new_offer_after_a_lead_declines_goodwill() -> None:
    case = claimed()
    case.skip([Stage.HISTORY, Stage.CONTACT, Stage.FACTS], "Easy", by=MAYA, at=SOON)
    case.offer(Offer(answer=Answer.GRANTED, words="All", goodwill=101), by=MAYA, at=SOON)
    with pytest.raises(NotAllowed, match="leads of Support"):
        case.decline_goodwill("Fifty", by=MAYA, at=SOON)
    case.decline_goodwill("Fifty", by=LEO, at=LATER)
    assert (case.goodwill_asked, case.next_stage) == (None, Stage.OFFER)
    assert ChannelId(MAYA.user) in {note.channel for note in case.history[-1].notifications}
    with pytest.raises(NothingToApprove):
        case.approve(by=LEO, at=LATER)
    case.offer(Offer(answer=Answer.PARTLY, words="A part", goodwill=50), by=MAYA, at=LATER)
    assert Stage.OFFER in case.done


def test_a_lead_needs_no_approval_and_without_a_limit_all_goodwill_needs_one() -> None:
    case = claimed()
    case.offer(Offer(answer=Answer.GRANTED, words="All", goodwill=500), by=LEO, at=SOON)
    assert Stage.OFFER in case.done
    case = a_case()
    case.claim(by=MAYA, at=SOON)
    case.offer(Offer(answer=Answer.GRANTED, words="All", goodwill=1), by=MAYA, at=SOON)
    assert Stage.OFFER not in case.done


def test_a_prevention_reminder_repeats_weekly_and_stops_after_five() -> None:
    case = resolved(by=date(2026, 3, 16))
    assert case.next_check_at == berlin("2026-03-16 09:00")
    first = berlin("2026-03-16 09:00")
    for day in range(100):
        case.tick(at=first + timedelta(days=day))
    due = [event for event in case.history if event.kind is EventKind.PREVENTION_DUE]
    assert [event.at - first for event in due] == [timedelta(days=7 * week) for week in range(5)]
    assert [note.channel for note in due[0].notifications] == [ChannelId(BEN.user)]
    assert case.next_check_at is None


def test_after_an_outage_a_single_prevention_reminder_is_sent() -> None:
    case = resolved(by=date(2026, 3, 16))
    for minute in range(3):
        case.tick(at=berlin("2026-04-20 09:00") + timedelta(minutes=minute))
    assert kinds(case).count(EventKind.PREVENTION_DUE) == 1


def test_a_completed_prevention_gets_no_reminder() -> None:
    case = resolved(by=date(2026, 3, 16))
    case.prevent(by=BEN, at=berlin("2026-03-10 09:00"))
    case.prevent(by=BEN, at=berlin("2026-03-10 09:00"))
    case.tick(at=berlin("2026-03-20 09:00"))
    assert kinds(case).count(EventKind.PREVENTED) == 1
    assert kinds(case)[-1] is EventKind.PREVENTED
    with pytest.raises(NothingToPrevent):
        resolved().prevent(by=BEN, at=LATER)
    case.reopen("It is back", by=ANA, at=berlin("2026-03-09 09:00"))
    assert case.prevention_due is None


def test_a_prevention_cannot_be_due_today() -> None:
    with pytest.raises(DayPassed):
        resolved(by=date(2026, 3, 2))
