"""Recipients of each event, without duplicates and without the person who caused it."""

from datetime import timedelta

from bot.case import Case, Resolution
from bot.case.recipients import is_still_current
from bot.delivery import Audience
from tests.builders import ANA, LEO, MAYA, a_case, a_team
from tests.world import MONDAY_9AM, SUPPORT, TEAM

SOON = MONDAY_9AM + timedelta(minutes=5)
DONE = Resolution(
    outcome="Works again", root_cause="A bad deploy", prevention="A canary", left_out="Easy"
)


def recipients(case: Case) -> set[tuple[Audience, str]]:
    """Return the audience and channel of each notification about the last event."""
    return {(note.audience, note.channel) for note in case.history[-1].notifications}


def test_a_new_case_is_announced_in_its_thread_and_confirmed_to_its_reporter() -> None:
    assert recipients(a_case()) == {(Audience.THREAD, SUPPORT), (Audience.REPORTER, ANA.user)}


def test_the_reporter_is_notified_of_the_claim_and_of_the_outcome() -> None:
    case = a_case()
    case.claim(by=MAYA, at=SOON)
    assert recipients(case) == {(Audience.THREAD, SUPPORT), (Audience.REPORTER, ANA.user)}
    case.resolve(DONE, by=MAYA, at=SOON)
    assert recipients(case) == {(Audience.THREAD, SUPPORT), (Audience.REPORTER, ANA.user)}


def test_reopening_a_case_notifies_its_owner_but_not_the_person_who_reopened_it() -> None:
    case = a_case()
    case.claim(by=MAYA, at=SOON)
    case.resolve(DONE, by=MAYA, at=SOON)
    case.reopen("It is back", by=ANA, at=SOON)
    assert recipients(case) == {(Audience.THREAD, SUPPORT), (Audience.OWNER, MAYA.user)}


def test_a_breach_goes_to_the_thread_the_managers_on_duty_and_the_leads() -> None:
    case = a_case()
    case.tick(at=MONDAY_9AM + timedelta(hours=1))
    assert recipients(case) == {
        (Audience.THREAD, SUPPORT),
        (Audience.NAMED, MAYA.user),  # without a rota, every manager is on duty
        (Audience.NAMED, LEO.user),
    }


def test_a_recipient_with_two_roles_gets_one_message() -> None:
    team = a_team(TEAM.replace('leads = ["U0LEO"]', 'leads = ["U0LEO", "U0LEO", "U0ANA"]'))
    case = a_case(team=team)
    case.tick(at=MONDAY_9AM + timedelta(hours=1))
    channels = [note.channel for note in case.history[-1].notifications]
    assert sorted(channels) == sorted(set(channels))


def test_a_nudge_is_outdated_once_the_case_is_claimed() -> None:
    case = a_case()
    case.tick(at=MONDAY_9AM + timedelta(minutes=13))
    nudge = case.history[-1]
    assert is_still_current(case, nudge, SUPPORT)
    case.claim(by=MAYA, at=MONDAY_9AM + timedelta(minutes=14))
    assert not is_still_current(case, nudge, SUPPORT)


def test_a_warning_is_outdated_once_the_promise_is_breached() -> None:
    case = a_case()
    case.tick(at=MONDAY_9AM + timedelta(minutes=13))
    case.tick(at=MONDAY_9AM + timedelta(minutes=16))
    assert [is_still_current(case, event, SUPPORT) for event in case.history] == [True, False, True]


def test_every_notification_has_a_unique_key() -> None:
    case = a_case()
    case.tick(at=MONDAY_9AM + timedelta(minutes=13))
    case.claim(by=MAYA, at=MONDAY_9AM + timedelta(minutes=14))
    keys = [note.key for event in case.history for note in event.notifications] + [case.card.key]
    assert len(keys) == len(set(keys))
