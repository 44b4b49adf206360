"""The life of a message in the outbox, with one rule for each outcome of a try."""

from datetime import datetime, timedelta

import pytest

from bot.delivery import (
    BACKGROUND_EDITS,
    EDITS,
    LOOK_AGAIN,
    PACE,
    QUIESCE,
    REDACTIONS,
    RETRY_AT_MOST,
    SWEEP_AGAIN,
    TRIES_AT_MOST,
    Audience,
    Delivery,
    DeliveryKind,
    Outcome,
    SendResult,
    State,
)
from bot.people import CaseId, ChannelId
from tests.world import MONDAY_9AM, SUPPORT

NOW = MONDAY_9AM
SENT = SendResult(Outcome.SENT, ts="1.1")
LOST = SendResult(Outcome.IN_DOUBT)
ABSENT = SendResult(Outcome.ABSENT)


def a_note(kind: DeliveryKind = DeliveryKind.NOTE) -> Delivery:
    return Delivery.of_note(CaseId(1), 1, Audience.THREAD, SUPPORT, at=NOW, kind=kind)


def a_card() -> Delivery:
    return Delivery.of_card(CaseId(1), SUPPORT, at=NOW)


def a_posted_card() -> Delivery:
    card = a_card()
    card.settle(card.begin(at=NOW), SENT, at=NOW)
    return card


def a_digest() -> Delivery:
    return Delivery("digest/1/x", DeliveryKind.DIGEST, Audience.CHANNEL, SUPPORT, NOW, NOW)


def state_and_due(delivery: Delivery) -> tuple[State, datetime | None]:
    return delivery.state, delivery.due_at


def sweep_of(delivery: Delivery) -> tuple[datetime | None, str | None]:
    return delivery.sweep_at, delivery.ts


def try_with(delivery: Delivery, *results: SendResult) -> datetime:
    """Run one try for each result, each when it is due, and return the time of the last one."""
    at = NOW
    for result in results:
        at = delivery.due_at or at
        delivery.settle(delivery.begin(at=at), result, at=at)
    return at


AFTER_A_TRY = [
    # outcome of the try, state after it, time until the next try
    (Outcome.SENT, State.SENT, None),
    (Outcome.NOT_SENT, State.QUEUED, timedelta(seconds=4)),
    (Outcome.NOT_COMPOSED, State.QUEUED, timedelta(seconds=4)),
    (Outcome.IN_DOUBT, State.IN_DOUBT, QUIESCE),
    (Outcome.UNKNOWN_ANSWER, State.IN_DOUBT, QUIESCE),
    (Outcome.WORKSPACE_REJECTED, State.QUEUED, timedelta(0)),
    (Outcome.TARGET_DELETED, State.QUEUED, PACE),
    (Outcome.CARD_FIRST, State.QUEUED, PACE),
    (Outcome.REFUSED, State.REFUSED, None),
    (Outcome.UNREACHABLE, State.UNREACHABLE, None),
    (Outcome.DROPPED, State.DROPPED, None),
]


@pytest.mark.parametrize(("outcome", "state", "wait"), AFTER_A_TRY)
def test_each_outcome_of_a_try_sets_the_state_and_the_next_try(
    outcome: Outcome, state: State, wait: timedelta | None
) -> None:
    note = a_note()
    assert note.settle(note.begin(at=NOW), SendResult(outcome, reason="why"), at=NOW)
    assert (note.state, note.reason) == (state, "why")
    assert note.due_at == (None if wait is None else NOW + wait)


AFTER_A_CHECK = [
    (Outcome.SENT, State.SENT, None),
    (Outcome.ABSENT, State.IN_DOUBT, LOOK_AGAIN),
    (Outcome.IN_DOUBT, State.IN_DOUBT, LOOK_AGAIN),
    (Outcome.CANNOT_SEARCH, State.QUEUED, timedelta(0)),
    (Outcome.WORKSPACE_REJECTED, State.IN_DOUBT, timedelta(0)),
    (Outcome.TARGET_DELETED, State.QUEUED, PACE),
]


@pytest.mark.parametrize(("outcome", "state", "wait"), AFTER_A_CHECK)
def test_each_outcome_of_a_check_sets_the_state_and_the_next_try(
    outcome: Outcome, state: State, wait: timedelta | None
) -> None:
    note = a_note()
    at = try_with(note, LOST, SendResult(outcome, ts="1.1"))
    assert note.state is state
    assert note.due_at == (None if wait is None else at + wait)


def test_failed_sends_are_retried_with_increasing_delays() -> None:
    note = a_note()
    waits = []
    for _ in range(12):
        note.settle(note.begin(at=NOW), SendResult(Outcome.NOT_SENT), at=NOW)
        assert note.due_at is not None
        waits.append(note.due_at - NOW)
    assert waits[:3] == [timedelta(seconds=4), timedelta(seconds=8), timedelta(seconds=16)]
    assert waits == sorted(waits)
    assert waits[-1] == RETRY_AT_MOST


def test_a_lane_waits_as_long_as_slack_says() -> None:
    note, result = a_note(), SendResult(Outcome.NOT_SENT, retry_after=timedelta(seconds=30))
    try_with(note, result)
    assert note.due_at == NOW + timedelta(seconds=30)
    assert result.lane_pause == timedelta(seconds=30)


def test_a_message_is_sent_again_only_after_two_checks_have_not_found_it() -> None:
    """Posting to Slack is not idempotent, so the history of the channel decides."""
    note = a_note()
    first = try_with(note, LOST, ABSENT)
    assert first == NOW + QUIESCE
    second = try_with(note, ABSENT)
    assert second == first + LOOK_AGAIN
    assert note.due_at == second
    assert not note.begin(at=second).looks


def test_the_first_check_is_delayed_where_messages_have_arrived_late() -> None:
    note, extra_quiesce = a_note(), timedelta(seconds=30)
    note.settle(note.begin(at=NOW, extra_quiesce=extra_quiesce), LOST, at=NOW)
    assert note.due_at == NOW + QUIESCE + extra_quiesce


def test_a_failed_check_does_not_count() -> None:
    note = a_note()
    try_with(note, LOST, ABSENT, LOST, LOST)
    assert note.is_in_doubt
    try_with(note, ABSENT)
    assert not note.is_in_doubt


def test_an_interrupted_try_is_in_doubt() -> None:
    note = a_note()
    note.begin(at=NOW)
    assert note.begin(at=NOW + QUIESCE).looks


def test_an_interrupted_check_does_not_count() -> None:
    note = a_note()
    try_with(note, LOST, ABSENT)
    note.begin(at=NOW + timedelta(minutes=2))
    again = NOW + timedelta(minutes=4)
    note.settle(note.begin(at=again), ABSENT, at=again)
    assert note.state is State.QUEUED


def test_an_interrupted_edit_is_repeated_without_a_check() -> None:
    card = a_posted_card()
    card.request_update(at=NOW)
    card.begin(at=NOW)
    assert not card.begin(at=NOW + QUIESCE).looks


def test_the_result_of_an_outdated_try_is_ignored() -> None:
    note = a_note()
    stale, fresh = note.begin(at=NOW), note.begin(at=NOW + QUIESCE)
    assert not note.settle(stale, SendResult(Outcome.REFUSED), at=NOW)
    assert note.settle(fresh, SENT, at=NOW)
    assert note.state is State.SENT


def test_a_message_sent_after_a_try_in_doubt_is_swept_for_duplicates_twice() -> None:
    note = a_note()
    sent_at = try_with(note, LOST, ABSENT, ABSENT, SENT)
    assert sweep_of(note) == (sent_at + QUIESCE, "1.1")
    note.swept(SENT, at=sent_at + QUIESCE)
    assert sweep_of(note) == (sent_at + SWEEP_AGAIN, "1.1")
    note.swept(SendResult(Outcome.SENT, ts="0.9"), at=sent_at + SWEEP_AGAIN)
    assert sweep_of(note) == (None, "0.9")


@pytest.mark.parametrize("results", [(SENT,), (LOST, SENT), (SendResult(Outcome.NOT_SENT), SENT)])
def test_a_message_that_slack_got_once_is_not_swept_for_duplicates(
    results: tuple[SendResult, ...],
) -> None:
    note = a_note()
    try_with(note, *results)
    assert note.sweep_at is None


def test_a_sweep_retries_until_it_can_read_the_channel() -> None:
    note = a_note()
    try_with(note, LOST, ABSENT, ABSENT, SENT)
    for _ in range(2000):
        assert note.sweep_at is not None
        note.swept(LOST, at=note.sweep_at)
    assert note.sweep_at is not None
    note.swept(SENT, at=note.sweep_at)
    assert note.sweep_at is None


@pytest.mark.parametrize("kind", [DeliveryKind.NOTE, DeliveryKind.NUDGE])
def test_where_the_channel_cannot_be_read_a_note_is_repeated_once_then_a_lead_is_asked(
    kind: DeliveryKind,
) -> None:
    note = a_note(kind)
    blind = SendResult(Outcome.CANNOT_SEARCH, reason="missing_scope")
    try_with(note, LOST, blind)
    assert (note.state, note.repeated) == (State.QUEUED, True)
    try_with(note, LOST, blind)
    assert (note.state, note.due_at) == (State.HELD, None)


@pytest.mark.parametrize("delivery", [a_card(), a_digest()])
def test_where_the_channel_cannot_be_read_a_lead_is_asked_about_a_card_or_a_digest(
    delivery: Delivery,
) -> None:
    try_with(delivery, LOST, SendResult(Outcome.CANNOT_SEARCH))
    assert state_and_due(delivery) == (State.HELD, None)
    delivery.send_again(at=NOW)
    assert state_and_due(delivery) == (State.QUEUED, NOW)


@pytest.mark.parametrize("delivery", [a_note(), a_card(), a_digest()])
def test_errors_keep_a_message_in_doubt_for_as_long_as_they_last(delivery: Delivery) -> None:
    at = try_with(delivery, *[LOST] * 2000)
    assert at > NOW + timedelta(hours=16)
    assert (delivery.is_in_doubt, delivery.repeated) == (True, False)


def test_an_unknown_answer_to_five_tries_counts_as_a_channel_that_cannot_be_read() -> None:
    note = a_note()
    odd = SendResult(Outcome.UNKNOWN_ANSWER, reason="method_deprecated")
    try_with(note, LOST, *[odd] * (TRIES_AT_MOST - 2))
    assert note.is_in_doubt
    try_with(note, odd)
    assert (note.state, note.repeated) == (State.QUEUED, True)


def test_a_card_that_changes_while_it_is_being_sent_is_sent_again() -> None:
    card = a_card()
    attempt = card.begin(at=NOW)
    card.request_update(at=NOW)
    card.settle(attempt, SENT, at=NOW)
    assert (card.state, card.due_at) == (State.QUEUED, NOW)
    try_with(card, SENT)
    assert card.state is State.SENT


def test_several_changes_to_an_unsent_card_are_sent_once() -> None:
    card = a_card()
    for _ in range(5):
        card.request_update(at=NOW)
    try_with(card, SENT)
    assert card.due_at is None


def test_edits_of_cards_use_their_own_lane() -> None:
    card = a_card()
    assert card.lane == SUPPORT
    try_with(card, SENT)
    assert card.lane == EDITS
    assert card.lanes == {EDITS, BACKGROUND_EDITS}


def test_background_edits_use_another_lane_until_a_person_changes_the_card() -> None:
    card = a_posted_card()
    card.request_update(at=NOW, background=True)
    assert card.lane == BACKGROUND_EDITS
    card.request_update(at=NOW, background=True)
    assert (card.lane, card.wanted) == (BACKGROUND_EDITS, 3)
    card.request_update(at=NOW)
    assert card.lane == EDITS
    card.request_update(at=NOW, background=True)
    assert card.lane == EDITS  # a person's change is not sent yet
    try_with(card, SENT)
    assert card.due_at is None


def test_the_background_lane_pauses_twice_as_long_to_leave_room_for_other_edits() -> None:
    card = a_posted_card()
    card.request_update(at=NOW, background=True)
    assert card.pause_after(SENT) == 2 * PACE
    assert card.pause_after(SendResult(Outcome.DROPPED)) == timedelta(0)
    card.request_update(at=NOW)
    assert card.pause_after(SENT) == PACE


def test_a_failed_edit_moves_behind_the_others_in_its_lane() -> None:
    card = a_posted_card()
    card.request_update(at=NOW)
    try_with(card, SendResult(Outcome.NOT_SENT))
    assert card.queued_at == card.due_at


@pytest.mark.parametrize("failed", [SendResult(Outcome.NOT_SENT), LOST])
def test_a_change_made_during_a_failing_background_edit_is_sent_in_the_edit_lane(
    failed: SendResult,
) -> None:
    card = a_posted_card()
    card.request_update(at=NOW, background=True)
    attempt = card.begin(at=NOW)
    card.request_update(at=NOW)
    assert card.lane == BACKGROUND_EDITS  # leased while the edit is sent
    card.settle(attempt, failed, at=NOW)
    assert card.lane == EDITS
    card.settle(card.begin(at=NOW), failed, at=NOW)
    assert card.lane == EDITS


def test_a_redaction_goes_into_a_lane_of_its_own() -> None:
    note, card = a_note(), a_posted_card()
    note.settle(note.begin(at=NOW), SENT, at=NOW)
    card.request_update(at=NOW)
    for message in (note, card):
        message.redact(hidden=True, at=NOW)
        assert (message.lane, message.state, message.due_at) == (REDACTIONS, State.QUEUED, NOW)
        message.settle(message.begin(at=NOW), SENT, at=NOW)
        assert message.due_at is None
        message.redact(hidden=False, at=NOW)
        assert message.lane == EDITS


def test_a_message_that_is_redacted_while_it_is_sent_is_edited_once_it_has_arrived() -> None:
    note, card = a_note(), a_posted_card()
    card.lane = BACKGROUND_EDITS
    card.request_update(at=NOW, background=True)
    for message, result in ((note, SENT), (card, SENT), (card, SendResult(Outcome.NOT_SENT))):
        attempt = message.begin(at=NOW)
        message.redact(hidden=True, at=NOW)
        assert message.state is State.SENDING
        message.settle(attempt, result, at=NOW)
        assert (message.lane, message.state) == (REDACTIONS, State.QUEUED)


def test_a_message_in_doubt_that_was_redacted_is_edited_once_it_is_found() -> None:
    note = a_note()
    note.settle(note.begin(at=NOW), LOST, at=NOW)
    note.redact(hidden=True, at=NOW)
    assert note.state is State.IN_DOUBT
    found_at = NOW + QUIESCE
    note.settle(note.begin(at=found_at), SENT, at=found_at)
    assert (note.lane, note.due_at) == (REDACTIONS, found_at)


def test_a_redacted_message_is_edited_again_if_a_sweep_keeps_an_older_copy() -> None:
    note = a_note()
    note.redact(hidden=True, at=NOW)
    note.settle(note.begin(at=NOW), SENT, at=NOW)
    note.swept(SendResult(Outcome.SENT, ts="1.0"), at=NOW)
    assert (note.ts, note.lane, note.due_at) == ("1.0", REDACTIONS, NOW)


def test_a_failed_background_edit_stays_in_its_lane() -> None:
    card = a_posted_card()
    card.request_update(at=NOW, background=True)
    try_with(card, SendResult(Outcome.NOT_SENT))
    assert card.lane == BACKGROUND_EDITS


def test_an_edit_with_a_lost_response_is_repeated_after_the_quiet_period() -> None:
    card = a_posted_card()
    card.request_update(at=NOW)
    at = try_with(card, LOST, SENT)
    # The lost edit may still arrive and overwrite this one.
    assert state_and_due(card) == (State.QUEUED, at + QUIESCE)
    try_with(card, SENT)
    assert state_and_due(card) == (State.SENT, None)


def test_a_deleted_card_is_posted_as_a_new_message() -> None:
    """Slack cannot restore a deleted message, and ``chat.update`` fails for it."""
    card = a_posted_card()
    card.request_update(at=NOW)
    try_with(card, SendResult(Outcome.TARGET_DELETED))
    assert (card.ts, card.generation, card.lane) == (None, 2, SUPPORT)
    assert (card.state, card.due_at) == (State.QUEUED, NOW)


def test_a_lane_pauses_for_one_second_after_each_message() -> None:
    """Slack allows about one message a second in a channel."""
    assert SENT.lane_pause == PACE
    assert SendResult(Outcome.DROPPED).lane_pause == timedelta(0)


@pytest.mark.parametrize("outcome", [Outcome.NOT_COMPOSED, Outcome.TARGET_DELETED])
def test_a_message_that_fails_for_its_own_reason_is_given_up_after_five_tries(
    outcome: Outcome,
) -> None:
    note = a_note()
    try_with(note, *[SendResult(outcome)] * (TRIES_AT_MOST - 1))
    assert note.state is State.QUEUED
    try_with(note, SendResult(outcome))
    assert (note.state, note.due_at) == (State.REFUSED, None)


def test_an_unknown_error_is_checked_and_given_up_after_five_tries() -> None:
    note, odd = a_note(), SendResult(Outcome.UNKNOWN_ANSWER, reason="who_knows")
    try_with(note, *[odd, ABSENT, ABSENT] * (TRIES_AT_MOST - 1))
    assert note.state is State.QUEUED
    try_with(note, odd)
    assert (note.state, note.due_at) == (State.REFUSED, None)


def test_a_message_that_slack_keeps_losing_is_never_given_up_but_moves_back() -> None:
    note = a_note()
    at = try_with(note, *[LOST, ABSENT, ABSENT] * 20)
    assert (note.state, note.due_at, note.queued_at) == (State.QUEUED, at, at)


def test_a_card_that_was_given_up_is_queued_again_on_its_next_change() -> None:
    card = a_card()
    try_with(card, SendResult(Outcome.UNREACHABLE))
    card.request_update(at=NOW)
    assert (card.state, card.due_at) == (State.QUEUED, NOW)


def test_a_note_moves_behind_a_card_that_is_not_posted_yet() -> None:
    note = a_note()
    later = NOW + timedelta(seconds=3)
    note.settle(note.begin(at=later), SendResult(Outcome.CARD_FIRST), at=later)
    assert note.queued_at == later


def test_each_channel_is_a_lane() -> None:
    assert a_note().lane == ChannelId(SUPPORT)
