"""A case that is the same as another ends, and goes on there."""

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


def cases(many: int = 2) -> list[Case]:
    found = [a_case(number=number) for number in range(1, many + 1)]
    for number, case in enumerate(found[1:], start=2):
        case.reporter = UserId(f"U0REPORTER{number}")
    return found


def heard(case: Case) -> set[str]:
    return {note.channel for note in case.history[-1].notifications}


def test_a_merged_case_is_over_and_its_reporter_hears_of_it() -> None:
    into, case = cases()
    case.claim(by=BEN, at=SOON)
    case.merge(into, by=MAYA, at=LATER)
    assert (case.status, case.merged_into, case.over_at) == (Status.MERGED, 1, LATER)
    assert {clock.state for clock in case.clocks} <= {ClockState.MET, ClockState.CANCELLED}
    assert heard(case) == {"C0SUPPORT", case.reporter, BEN.user}
    assert into.absorbed == [2]
    with pytest.raises(AlreadyMerged, match="was merged into ESC-1"):
        case.claim(by=MAYA, at=LATER)
    with pytest.raises(AlreadyMerged):
        case.reopen("It is not", by=MAYA, at=LATER)


def test_whoever_waited_for_a_merged_case_hears_how_the_other_ends() -> None:
    into, middle, first = cases(3)
    into.claim(by=MAYA, at=SOON)
    first.merge(middle, by=MAYA, at=SOON)
    middle.merge(into, by=MAYA, at=LATER)
    assert heard(middle) == {"C0SUPPORT", middle.reporter, first.reporter}
    into.resolve(DONE, by=MAYA, at=LATER)
    assert heard(into) == {"C0SUPPORT", ANA.user, middle.reporter, first.reporter}


def test_somebody_who_reported_both_hears_once() -> None:
    into, case = cases()
    case.reporter = into.reporter
    case.merge(into, by=MAYA, at=SOON)
    assert into.followers == ()


def test_a_case_cannot_be_merged_into_itself_nor_into_what_is_over() -> None:
    into, case = cases()
    with pytest.raises(MergedIntoItself):
        case.merge(case, by=MAYA, at=SOON)
    into.claim(by=MAYA, at=SOON)
    into.resolve(DONE, by=MAYA, at=SOON)
    with pytest.raises(AlreadyResolved):
        case.merge(into, by=MAYA, at=LATER)
    assert case.status is Status.OPEN


def test_who_merges_may_act_in_both_teams() -> None:
    into, case = cases()
    into.team = a_team(TEAM.replace("U0MAYA", "U0NINA").replace('"Support"', '"Billing"'))
    with pytest.raises(NotAllowed, match="managers of Billing"):
        case.merge(into, by=MAYA, at=SOON)
    with pytest.raises(NotAllowed, match="managers of Support"):
        case.merge(into, by=Person(UserId("U0NINA"), standing=Standing.MEMBER), at=SOON)
    case.merge(into, by=BEN, at=SOON)
    assert case.status is Status.MERGED


@pytest.mark.parametrize(("theirs", "ours"), [(False, False), (False, True), (True, True)])
def test_a_restricted_case_goes_on_in_a_restricted_one(theirs: bool, ours: bool) -> None:
    into, case = cases()
    into.restricted, case.restricted = theirs, ours
    case.merge(into, by=MAYA, at=SOON)
    assert into.restricted is ours
    assert into.facts(after=1)[Fact.RESTRICTED] == ("yes" if theirs else "")
