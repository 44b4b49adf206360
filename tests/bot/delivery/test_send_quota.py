"""The send quota of a workspace, shared by all processes."""

from datetime import timedelta

from bot.delivery import BURST, ERRORS_OF_AN_OUTAGE, SendQuota
from bot.delivery.send_quota import RESERVED_FOR_CHANNELS, TRY_EVERY
from storage.types import EPOCH
from tests.world import MONDAY_9AM

NOW, SECOND = MONDAY_9AM, timedelta(seconds=1)


def a_quota() -> SendQuota:
    return SendQuota(paced_until=EPOCH, limited_until=EPOCH)


def test_a_burst_is_sent_at_once_and_then_five_messages_a_second() -> None:
    quota = a_quota()
    assert quota.reserve(1_000, at=NOW) == BURST
    assert quota.reserve(1_000, at=NOW) == 0
    assert quota.reserve(1_000, at=NOW + SECOND) == 5
    assert quota.reserve(3, at=NOW + 2 * SECOND) == 3


def test_unused_quota_accumulates_up_to_one_burst() -> None:
    quota = a_quota()
    quota.reserve(BURST, at=NOW)
    assert quota.reserve(1_000, at=NOW + timedelta(hours=1)) == BURST


def test_low_priority_messages_leave_most_of_a_burst_to_channels() -> None:
    quota = a_quota()
    assert quota.reserve(50, low_priority=50, at=NOW) == BURST - RESERVED_FOR_CHANNELS
    assert quota.reserve(100, low_priority=10, at=NOW) == RESERVED_FOR_CHANNELS
    assert quota.reserve(10, low_priority=10, at=NOW + timedelta(seconds=10)) == 0
    assert quota.reserve(10, at=NOW + timedelta(seconds=10)) == 10


def test_three_to_four_hundred_messages_are_sent_in_a_minute() -> None:
    """Slack allows "several hundred messages per minute" for an app in a workspace."""
    quota = a_quota()
    sent = sum(quota.reserve(1_000, at=NOW + second * SECOND) for second in range(60))
    assert 300 < sent <= 400


def test_a_rate_limit_in_one_lane_does_not_stop_the_others() -> None:
    quota = a_quota()
    quota.slow_down(30 * SECOND, at=NOW)
    assert quota.reserve(1, at=NOW) == 1
    quota.slow_down(30 * SECOND, at=NOW + 30 * SECOND)  # the same lane, after its pause
    assert quota.reserve(1, at=NOW + 30 * SECOND) == 1


def test_rate_limits_in_two_lanes_at_once_pause_all_lanes() -> None:
    quota = a_quota()
    quota.slow_down(30 * SECOND, at=NOW)
    quota.slow_down(20 * SECOND, at=NOW + SECOND)
    assert quota.reserve(1, at=NOW + 20 * SECOND) == 0
    assert quota.reserve(1, at=NOW + 22 * SECOND) == 1


def test_late_messages_lengthen_the_wait_before_a_check_up_to_a_limit() -> None:
    quota = a_quota()
    quota.found_duplicate()
    assert quota.extra_quiesce == 15 * SECOND
    for _ in range(20):
        quota.found_duplicate()
    assert quota.extra_quiesce == 45 * SECOND


def test_a_workspace_that_refuses_all_messages_is_probed_every_five_minutes() -> None:
    quota = a_quota()
    quota.shut("token_revoked", at=NOW)
    quota.shut("token_revoked", at=NOW + SECOND)  # a message under way in another lane
    assert quota.probe_at == NOW + timedelta(minutes=5)
    quota.probe(at=NOW + timedelta(minutes=5))
    assert (quota.shut_for, quota.probe_at) == (
        "token_revoked",
        NOW + timedelta(minutes=10),
    )
    quota.open()
    assert not quota.shut_for


def test_errors_in_a_row_leave_one_try_every_fifteen_seconds() -> None:
    quota = a_quota()
    for _ in range(ERRORS_OF_AN_OUTAGE):
        assert quota.tries_allowed(at=NOW) is None
        quota.failed(at=NOW)
    assert quota.tries_allowed(at=NOW + TRY_EVERY - SECOND) == 0
    assert quota.tries_allowed(at=NOW + TRY_EVERY) == 1
    quota.begin_try(at=NOW + TRY_EVERY)
    assert quota.tries_allowed(at=NOW + TRY_EVERY) == 0


def test_an_answer_to_a_search_allows_the_next_try_and_an_accepted_message_all() -> None:
    quota = a_quota()
    for _ in range(ERRORS_OF_AN_OUTAGE):
        quota.failed(at=NOW)
    quota.answered(accepted=False, at=NOW)
    assert quota.tries_allowed(at=NOW) == 1
    quota.answered(accepted=True, at=NOW)
    assert quota.tries_allowed(at=NOW) is None


def test_an_accepted_message_starts_the_count_of_errors_again() -> None:
    quota = a_quota()
    for _ in range(ERRORS_OF_AN_OUTAGE - 1):
        quota.failed(at=NOW)
    quota.answered(accepted=True, at=NOW)
    quota.failed(at=NOW)
    assert not quota.outage
