"""A workspace's way out to Slack: one pace for all processes, and shut for all of them."""

from datetime import timedelta

from bot.delivery import BURST, SendQuota
from bot.delivery.send_quota import RESERVED_FOR_CHANNELS
from storage.types import EPOCH
from tests.world import MONDAY_9AM

NOW, SECOND = MONDAY_9AM, timedelta(seconds=1)


def an_outlet() -> SendQuota:
    return SendQuota(paced_until=EPOCH, limited_until=EPOCH)


def test_a_burst_goes_at_once_and_what_follows_at_five_a_second() -> None:
    send_quota = an_outlet()
    assert send_quota.reserve(1_000, at=NOW) == BURST
    assert send_quota.reserve(1_000, at=NOW) == 0
    assert send_quota.reserve(1_000, at=NOW + SECOND) == 5
    assert send_quota.reserve(3, at=NOW + 2 * SECOND) == 3


def test_what_is_not_used_is_saved_for_no_more_than_a_burst() -> None:
    send_quota = an_outlet()
    send_quota.reserve(BURST, at=NOW)
    assert send_quota.reserve(1_000, at=NOW + timedelta(hours=1)) == BURST


def test_what_is_patient_leaves_most_of_a_burst_to_others() -> None:
    send_quota = an_outlet()
    assert send_quota.reserve(50, low_priority=50, at=NOW) == BURST - RESERVED_FOR_CHANNELS
    assert send_quota.reserve(100, low_priority=10, at=NOW) == RESERVED_FOR_CHANNELS
    assert send_quota.reserve(10, low_priority=10, at=NOW + timedelta(seconds=10)) == 0
    assert send_quota.reserve(10, at=NOW + timedelta(seconds=10)) == 10


def test_several_hundred_a_minute_are_sent_and_no_more() -> None:
    send_quota = an_outlet()
    sent = sum(send_quota.reserve(1_000, at=NOW + second * SECOND) for second in range(60))
    assert 300 < sent <= 400


def test_one_lane_that_is_asked_to_rest_holds_up_no_other() -> None:
    send_quota = an_outlet()
    send_quota.slow_down(30 * SECOND, at=NOW)
    assert send_quota.reserve(1, at=NOW) == 1
    send_quota.slow_down(30 * SECOND, at=NOW + 30 * SECOND)  # the same lane, once it has rested
    assert send_quota.reserve(1, at=NOW + 30 * SECOND) == 1


def test_two_that_are_asked_at_a_time_mean_that_all_are_to_rest() -> None:
    send_quota = an_outlet()
    send_quota.slow_down(30 * SECOND, at=NOW)
    send_quota.slow_down(20 * SECOND, at=NOW + SECOND)
    assert send_quota.reserve(1, at=NOW + 20 * SECOND) == 0
    assert send_quota.reserve(1, at=NOW + 22 * SECOND) == 1


def test_each_message_that_turned_up_late_makes_us_wait_longer_but_not_for_ever() -> None:
    send_quota = an_outlet()
    send_quota.found_twin()
    assert send_quota.extra_quiesce == 15 * SECOND
    for _ in range(20):
        send_quota.found_twin()
    assert send_quota.extra_quiesce == 45 * SECOND


def test_one_that_is_shut_is_asked_about_every_five_minutes_until_it_is_open() -> None:
    send_quota = an_outlet()
    send_quota.shut("token_revoked", at=NOW)
    send_quota.shut("token_revoked", at=NOW + SECOND)  # what was under way in another lane
    assert send_quota.probe_at == NOW + timedelta(minutes=5)
    send_quota.probe(at=NOW + timedelta(minutes=5))
    assert (send_quota.shut_for, send_quota.probe_at) == (
        "token_revoked",
        NOW + timedelta(minutes=10),
    )
    send_quota.open()
    assert not send_quota.shut_for
