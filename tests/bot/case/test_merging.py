"""Merging a duplicate into another case."""

from datetime import timedelta

import pytest

from bot.case import Case, Fact, Resolution, Status
from bot.errors import AlreadyMerged, AlreadyResolved, MergedIntoItself, NotAllowed
from bot.people import Person, Standing, UserId
from bot.sla import ClockState
from tests.builders import ANA, BEN, MAYA, a_case, a_team
from tests.world import MONDAY_9AM, TEAM

SOON, LATER = MONDAY_9AM + timedelta(minutes=5), MONDAY_9AM + timedelta(minutes=10)
DONE = Resolution(
    outcome="Works again", root_cause="A bad deploy", prevention="A canary", left_out="Easy"
)


def cases(count: int = 2) -> list[Case]:
    created = [a_case(number=number) for number in range(1, count + 1)]
    for number, case in enumerate(created[1:], start=2):
        case.reporter = UserId(f"U0REPORTER{number}")
    return created


def recipients(case: Case) -> set[str]:
    return {note.channel for note in case.history[-1].notifications}


def test_merging_closes_a_case_and_notifies_its_reporter() -> None:
    into, case = cases()
    case.claim(by=BEN, at=SOON)
    case.merge(into, by=MAYA, at=LATER)
    assert (case.status, case.merged_into, case.over_at) == (Status.MERGED, 1, LATER)
    assert {clock.state for clock in case.clocks} <= {ClockState.MET, ClockState.CANCELLED}
    assert recipients(case) == {"C0SUPPORT", case.reporter, BEN.user}
    assert into.absorbed == [2]
    with pytest.raises(AlreadyMerged, match="was merged into ESC-1"):
        case.claim(by=MAYA, at=LATER)
    with pytest.raises(AlreadyMerged):
        case.reopen("It is not", by=MAYA, at=LATER)


def test_reporters_of_merged_cases_hear_how_the_remaining_case_ends() -> None:
    into, middle, first = cases(3)
    into.claim(by=MAYA, at=SOON)
    first.merge(middle, by=MAYA, at=SOON)
    middle.merge(into, by=MAYA, at=LATER)
    assert recipients(middle) == {"C0SUPPORT", middle.reporter, first.reporter}
    into.resolve(DONE, by=MAYA, at=LATER)
    assert recipients(into) == {"C0SUPPORT", ANA.user, middle.reporter, first.reporter}


def test_the_reporter_of_both_cases_is_not_added_as_a_follower() -> None:
    into, case = cases()
    case.reporter = into.reporter
    case.merge(into, by=MAYA, at=SOON)
    assert into.followers == ()


def test_a_case_cannot_be_merged_into_itself_or_into_a_closed_case() -> None:
    into, case = cases()
    with pytest.raises(MergedIntoItself):
        case.merge(case, by=MAYA, at=SOON)
    into.claim(by=MAYA, at=SOON)
    into.resolve(DONE, by=MAYA, at=SOON)
    with pytest.raises(AlreadyResolved):
        case.merge(into, by=MAYA, at=LATER)
    assert case.status is Status.OPEN


def test_merging_across_teams_needs_a_manager_of_both() -> None:
    into, case = cases()
    into.team = a_team(TEAM.replace("U0MAYA", "U0NINA").replace('"Support"', '"Billing"'))
    with pytest.raises(NotAllowed, match="managers of Billing"):
        case.merge(into, by=MAYA, at=SOON)
    with pytest.raises(NotAllowed, match="managers of Support"):
        case.merge(into, by=Person(UserId("U0NINA"), standing=Standing.MEMBER), at=SOON)
    case.merge(into, by=BEN, at=SOON)
    assert case.status is Status.MERGED


@pytest.mark.parametrize(
    ("into_restricted", "case_restricted"), [(False, False), (False, True), (True, True)]
)
def test_merging_a_restricted_case_restricts_the_remaining_one(
    into_restricted: bool, case_restricted: bool
) -> None:
    into, case = cases()
    into.restricted, case.restricted = into_restricted, case_restricted
    case.merge(into, by=MAYA, at=SOON)
    assert into.restricted is case_restricted
    assert into.facts(after=1)[Fact.RESTRICTED] == ("yes" if into_restricted else "")
