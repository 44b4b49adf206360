"""Who hears of what, and that nobody hears twice or of their own doing."""

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


def told(case: Case) -> set[tuple[Audience, str]]:
    """Who hears of the last event."""
    return {(note.audience, note.channel) for note in case.history[-1].notifications}


def test_a_new_case_is_told_in_its_thread_and_its_reporter_gets_a_receipt() -> None:
    assert told(a_case()) == {(Audience.THREAD, SUPPORT), (Audience.REPORTER, ANA.user)}


def test_the_reporter_hears_who_claimed_the_case_and_how_it_ended() -> None:
    case = a_case()
    case.claim(by=MAYA, at=SOON)
    assert told(case) == {(Audience.THREAD, SUPPORT), (Audience.REPORTER, ANA.user)}
    case.resolve(DONE, by=MAYA, at=SOON)
    assert told(case) == {(Audience.THREAD, SUPPORT), (Audience.REPORTER, ANA.user)}


def test_the_owner_hears_that_their_case_was_reopened_and_who_reopened_it_does_not() -> None:
    case = a_case()
    case.claim(by=MAYA, at=SOON)
    case.resolve(DONE, by=MAYA, at=SOON)
    case.reopen("It is back", by=ANA, at=SOON)
    assert told(case) == {(Audience.THREAD, SUPPORT), (Audience.OWNER, MAYA.user)}


def test_a_broken_promise_is_told_in_the_thread_and_to_the_leads() -> None:
    case = a_case()
    case.tick(at=MONDAY_9AM + timedelta(hours=1))
    assert told(case) == {
        (Audience.THREAD, SUPPORT),
        (Audience.NAMED, MAYA.user),  # on duty, as all who may claim
        (Audience.NAMED, LEO.user),
    }


def test_somebody_who_is_reached_by_two_routes_gets_one_message() -> None:
    team = a_team(TEAM.replace('leads = ["U0LEO"]', 'leads = ["U0LEO", "U0LEO", "U0ANA"]'))
    case = a_case(team=team)
    case.tick(at=MONDAY_9AM + timedelta(hours=1))
    channels = [note.channel for note in case.history[-1].notifications]
    assert sorted(channels) == sorted(set(channels))


def test_a_nudge_is_not_true_any_more_once_somebody_has_claimed() -> None:
    case = a_case()
    case.tick(at=MONDAY_9AM + timedelta(minutes=13))
    nudge = case.history[-1]
    assert is_still_current(case, nudge, SUPPORT)
    case.claim(by=MAYA, at=MONDAY_9AM + timedelta(minutes=14))
    assert not is_still_current(case, nudge, SUPPORT)


def test_a_warning_is_not_told_once_the_promise_is_broken() -> None:
    case = a_case()
    case.tick(at=MONDAY_9AM + timedelta(minutes=13))
    case.tick(at=MONDAY_9AM + timedelta(minutes=16))
    assert [is_still_current(case, event, SUPPORT) for event in case.history] == [True, False, True]


def test_every_message_owed_has_a_key_of_its_own() -> None:
    case = a_case()
    case.tick(at=MONDAY_9AM + timedelta(minutes=13))
    case.claim(by=MAYA, at=MONDAY_9AM + timedelta(minutes=14))
    keys = [note.key for event in case.history for note in event.notifications] + [case.card.key]
    assert len(keys) == len(set(keys))
