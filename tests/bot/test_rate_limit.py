"""Limits on repeated and rapid escalations."""

from datetime import timedelta

import pytest

from bot.errors import RepeatedEscalation, TooManyCases
from bot.people import CaseId
from bot.rate_limit import Escalated, Quota, check_quota, check_workspace_quota
from tests.builders import a_new_case
from tests.world import MONDAY_9AM

SAME = Escalated(CaseId(7), "ACME ", "nobody can\nlog in")
OTHER = Escalated(CaseId(8), "Acme", "Payments fail")


def test_a_repeated_escalation_is_refused_even_with_other_capitals_and_spaces() -> None:
    with pytest.raises(RepeatedEscalation, match="the same problem as ESC-7"):
        check_quota(a_new_case(), [OTHER, SAME], Quota())


def test_a_repeated_escalation_is_accepted_once_confirmed() -> None:
    check_quota(a_new_case(), [SAME], Quota(), sure=True)


def test_a_different_summary_for_the_same_customer_is_a_new_case() -> None:
    check_quota(a_new_case(), [OTHER], Quota())


def test_the_eleventh_case_in_a_minute_is_refused_without_losing_the_form() -> None:
    check_quota(a_new_case(), [OTHER] * 9, Quota())
    with pytest.raises(TooManyCases, match="Nothing you typed is lost"):
        check_quota(a_new_case(), [OTHER] * 10, Quota(), sure=True)


@pytest.mark.parametrize(("ago", "too_many"), [(59, True), (60, False)])
def test_a_workspace_has_a_limit_of_cases_per_minute(ago: int, too_many: bool) -> None:
    oldest = MONDAY_9AM - timedelta(seconds=ago)
    if too_many:
        with pytest.raises(TooManyCases, match="600 new cases"):
            check_workspace_quota(oldest, Quota(), at=MONDAY_9AM)
    else:
        check_workspace_quota(oldest, Quota(), at=MONDAY_9AM)
        check_workspace_quota(None, Quota(), at=MONDAY_9AM)
