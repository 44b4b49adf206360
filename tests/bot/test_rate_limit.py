"""What one person asks for twice, or too often."""

from datetime import timedelta

import pytest

from bot.errors import SaidAlready, TooManyCases
from bot.people import CaseId
from bot.rate_limit import Escalated, Quota, check_quota, check_quota_of_all
from tests.builders import a_new_case
from tests.world import MONDAY_9AM

SAME = Escalated(CaseId(7), "ACME ", "nobody can\nlog in")
OTHER = Escalated(CaseId(8), "Acme", "Nobody can pay")


def test_who_says_the_same_again_is_told_so_however_it_is_written() -> None:
    with pytest.raises(SaidAlready, match="ESC-7 says the same"):
        check_quota(a_new_case(), [OTHER, SAME], Quota())


def test_who_is_sure_may_say_it_again() -> None:
    check_quota(a_new_case(), [SAME], Quota(), sure=True)


def test_another_story_of_the_same_customer_is_another_case() -> None:
    check_quota(a_new_case(), [OTHER], Quota())


def test_the_eleventh_case_in_a_minute_waits_and_nothing_written_is_lost() -> None:
    check_quota(a_new_case(), [OTHER] * 9, Quota())
    with pytest.raises(TooManyCases, match="Nothing you typed is lost"):
        check_quota(a_new_case(), [OTHER] * 10, Quota(), sure=True)


@pytest.mark.parametrize(("ago", "too_many"), [(59, True), (60, False)])
def test_a_workspace_may_open_so_many_in_a_minute(ago: int, too_many: bool) -> None:
    before = MONDAY_9AM - timedelta(seconds=ago)
    if too_many:
        with pytest.raises(TooManyCases, match="600 new cases"):
            check_quota_of_all(before, Quota(), at=MONDAY_9AM)
    else:
        check_quota_of_all(before, Quota(), at=MONDAY_9AM)
        check_quota_of_all(None, Quota(), at=MONDAY_9AM)
