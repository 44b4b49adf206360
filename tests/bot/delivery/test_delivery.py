"""A message owed, from due to settled: a rule for each outcome."""

from datetime import datetime, timedelta

import pytest

from bot.delivery import (
    BACKGROUND_EDITS,
    DOUBT_AT_MOST,
    EDITS,
    LOOK_AGAIN,
    PACE,
    QUIESCE,
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


def standing(delivery: Delivery) -> tuple[State, datetime | None]:
    return delivery.state, delivery.due_at


def sweep_of(delivery: Delivery) -> tuple[datetime | None, str | None]:
    return delivery.sweep_at, delivery.ts


def tries(delivery: Delivery, *answers: SendResult) -> datetime:
    """Try it as soon as it is due, once for each answer; when that was over."""
    at = NOW
    for answer in answers:
        at = delivery.due_at or at
        delivery.settle(delivery.begin(at=at), answer, at=at)
    return at


RULES = [
    # what came of it, how it stands then, how long until the next try
    (Outcome.SENT, State.SENT, None),
    (Outcome.NOT_SENT, State.QUEUED, timedelta(seconds=4)),
    (Outcome.UNWRITTEN, State.QUEUED, timedelta(seconds=4)),
    (Outcome.IN_DOUBT, State.IN_DOUBT, QUIESCE),
    (Outcome.ODD, State.IN_DOUBT, QUIESCE),
    (Outcome.SHUT, State.QUEUED, timedelta(0)),
    (Outcome.GONE, State.QUEUED, PACE),
    (Outcome.LATER, State.QUEUED, PACE),
    (Outcome.REFUSED, State.REFUSED, None),
    (Outcome.UNREACHABLE, State.UNREACHABLE, None),
    (Outcome.DROPPED, State.DROPPED, None),
]


@pytest.mark.parametrize(("outcome", "state", "wait"), RULES)
def test_what_becomes_of_a_message_after_a_try(
    outcome: Outcome, state: State, wait: timedelta | None
) -> None:
    note = a_note()
    assert note.settle(note.begin(at=NOW), SendResult(outcome, reason="so it is"), at=NOW)
    assert (note.state, note.reason) == (state, "so it is")
    assert note.due_at == (None if wait is None else NOW + wait)


LOOKS = [
    (Outcome.SENT, State.SENT, None),
    (Outcome.ABSENT, State.IN_DOUBT, LOOK_AGAIN),
    (Outcome.IN_DOUBT, State.IN_DOUBT, LOOK_AGAIN),
    (Outcome.BLIND, State.QUEUED, timedelta(0)),
    (Outcome.SHUT, State.IN_DOUBT, timedelta(0)),
    (Outcome.GONE, State.QUEUED, PACE),
]


@pytest.mark.parametrize(("outcome", "state", "wait"), LOOKS)
def test_what_becomes_of_a_message_after_a_look(
    outcome: Outcome, state: State, wait: timedelta | None
) -> None:
    note = a_note()
    at = tries(note, LOST, SendResult(outcome, ts="1.1"))
    assert note.state is state
    assert note.due_at == (None if wait is None else at + wait)


def test_a_message_that_slack_does_not_have_is_tried_again_ever_more_slowly() -> None:
    note = a_note()
    waits = []
    for _ in range(12):
        note.settle(note.begin(at=NOW), SendResult(Outcome.NOT_SENT), at=NOW)
        assert note.due_at is not None
        waits.append(note.due_at - NOW)
    assert waits[:3] == [timedelta(seconds=4), timedelta(seconds=8), timedelta(seconds=16)]
    assert waits == sorted(waits)
    assert waits[-1] == RETRY_AT_MOST


def test_when_slack_says_how_long_to_wait_that_is_how_long() -> None:
    note, answer = a_note(), SendResult(Outcome.NOT_SENT, retry_after=timedelta(seconds=30))
    tries(note, answer)
    assert note.due_at == NOW + timedelta(seconds=30)
    assert answer.lane_rests == timedelta(seconds=30)


def test_a_message_is_sent_again_only_when_two_looks_have_not_found_it() -> None:
    note = a_note()
    first = tries(note, LOST, ABSENT)
    assert first == NOW + QUIESCE
    second = tries(note, ABSENT)
    assert second == first + LOOK_AGAIN
    assert note.due_at == second
    assert not note.begin(at=second).looks


def test_where_messages_have_turned_up_late_they_are_looked_for_later() -> None:
    note, extra_quiesce = a_note(), timedelta(seconds=30)
    note.settle(note.begin(at=NOW, extra_quiesce=extra_quiesce), LOST, at=NOW)
    assert note.due_at == NOW + QUIESCE + extra_quiesce


def test_a_look_that_failed_is_no_look() -> None:
    note = a_note()
    tries(note, LOST, ABSENT, LOST, LOST)
    assert note.is_in_doubt
    tries(note, ABSENT)
    assert not note.is_in_doubt


def test_a_try_that_was_cut_short_is_in_doubt() -> None:
    note = a_note()
    note.begin(at=NOW)
    assert note.begin(at=NOW + QUIESCE).looks


def test_a_look_that_was_cut_short_does_not_count() -> None:
    note = a_note()
    tries(note, LOST, ABSENT)
    note.begin(at=NOW + timedelta(minutes=2))
    again = NOW + timedelta(minutes=4)
    note.settle(note.begin(at=again), ABSENT, at=again)
    assert note.state is State.QUEUED


def test_an_edit_that_was_cut_short_is_simply_made_again() -> None:
    card = a_posted_card()
    card.request_update(at=NOW)
    card.begin(at=NOW)
    assert not card.begin(at=NOW + QUIESCE).looks


def test_a_sender_whose_try_is_not_the_last_is_not_heard() -> None:
    note = a_note()
    stale, fresh = note.begin(at=NOW), note.begin(at=NOW + QUIESCE)
    assert not note.settle(stale, SendResult(Outcome.REFUSED), at=NOW)
    assert note.settle(fresh, SENT, at=NOW)
    assert note.state is State.SENT


def test_a_message_sent_after_a_doubtful_try_is_looked_for_twice_more() -> None:
    note = a_note()
    sent_at = tries(note, LOST, ABSENT, ABSENT, SENT)
    assert sweep_of(note) == (sent_at + QUIESCE, "1.1")
    note.swept(SENT, at=sent_at + QUIESCE)
    assert sweep_of(note) == (sent_at + SWEEP_AGAIN, "1.1")
    note.swept(SendResult(Outcome.SENT, ts="0.9"), at=sent_at + SWEEP_AGAIN)
    assert sweep_of(note) == (None, "0.9")


@pytest.mark.parametrize("answers", [(SENT,), (LOST, SENT), (SendResult(Outcome.NOT_SENT), SENT)])
def test_a_message_that_was_given_to_slack_once_has_no_twin_to_look_for(
    answers: tuple[SendResult, ...],
) -> None:
    note = a_note()
    tries(note, *answers)
    assert note.sweep_at is None


def test_a_sweep_that_cannot_look_tries_again_and_ends_some_day() -> None:
    note = a_note()
    at = tries(note, LOST, ABSENT, ABSENT, SENT)
    for _ in range(100):
        if note.sweep_at is None:
            return
        at = note.sweep_at
        note.swept(LOST, at=at)
    raise AssertionError("it never ends")


@pytest.mark.parametrize("kind", [DeliveryKind.NOTE, DeliveryKind.NUDGE])
def test_where_nobody_can_look_a_note_is_said_again_once_and_then_a_lead_is_asked(
    kind: DeliveryKind,
) -> None:
    note = a_note(kind)
    blind = SendResult(Outcome.BLIND, reason="missing_scope")
    tries(note, LOST, blind)
    assert (note.state, note.repeated) == (State.QUEUED, True)
    tries(note, LOST, blind)
    assert (note.state, note.due_at) == (State.HELD, None)


@pytest.mark.parametrize("picture", [a_card(), a_digest()])
def test_where_nobody_can_look_a_lead_is_asked_for_a_card_or_a_digest(picture: Delivery) -> None:
    tries(picture, LOST, SendResult(Outcome.BLIND))
    assert standing(picture) == (State.HELD, None)
    picture.send_again(at=NOW)
    assert standing(picture) == (State.QUEUED, NOW)


def test_nothing_is_in_doubt_for_longer_than_ten_minutes() -> None:
    note, at = a_note(), NOW
    while at <= NOW + DOUBT_AT_MOST:
        assert note.due_at is not None
        at = note.due_at
        note.settle(note.begin(at=at), LOST, at=at)
        if not note.is_in_doubt:
            break
    assert note.repeated
    assert at <= NOW + DOUBT_AT_MOST + LOOK_AGAIN


def test_a_card_that_changes_while_it_is_sent_is_sent_again() -> None:
    card = a_card()
    attempt = card.begin(at=NOW)
    card.request_update(at=NOW)
    card.settle(attempt, SENT, at=NOW)
    assert (card.state, card.due_at) == (State.QUEUED, NOW)
    tries(card, SENT)
    assert card.state is State.SENT


def test_a_card_that_changes_often_before_it_is_sent_is_sent_once() -> None:
    card = a_card()
    for _ in range(5):
        card.request_update(at=NOW)
    tries(card, SENT)
    assert card.due_at is None


def test_a_cards_edits_wait_in_a_lane_of_their_own() -> None:
    card = a_card()
    assert card.lane == SUPPORT
    tries(card, SENT)
    assert card.lane == EDITS
    assert card.lanes == {EDITS, BACKGROUND_EDITS}


def test_what_only_time_has_changed_waits_in_another_until_somebody_acts() -> None:
    card = a_posted_card()
    card.request_update(at=NOW, background=True)
    assert card.lane == BACKGROUND_EDITS
    card.request_update(at=NOW, background=True)
    assert (card.lane, card.wanted) == (BACKGROUND_EDITS, 3)
    card.request_update(at=NOW)
    assert card.lane == EDITS
    card.request_update(at=NOW, background=True)
    assert card.lane == EDITS  # what somebody did is still to be seen
    tries(card, SENT)
    assert card.due_at is None


def test_a_lane_of_aged_edits_leaves_room_for_what_people_do() -> None:
    card = a_posted_card()
    card.request_update(at=NOW, background=True)
    assert card.rests_after(SENT) == 2 * PACE
    assert card.rests_after(SendResult(Outcome.DROPPED)) == timedelta(0)
    card.request_update(at=NOW)
    assert card.rests_after(SENT) == PACE


def test_an_edit_that_fails_stands_back_behind_the_others() -> None:
    card = a_posted_card()
    card.request_update(at=NOW)
    tries(card, SendResult(Outcome.NOT_SENT))
    assert card.queued_at == card.due_at


@pytest.mark.parametrize("failed", [SendResult(Outcome.NOT_SENT), LOST])
def test_who_acts_while_an_aged_edit_fails_does_not_wait_behind_the_others(
    failed: SendResult,
) -> None:
    card = a_posted_card()
    card.request_update(at=NOW, background=True)
    attempt = card.begin(at=NOW)
    card.request_update(at=NOW)
    assert card.lane == BACKGROUND_EDITS  # which is shut for it
    card.settle(attempt, failed, at=NOW)
    assert card.lane == EDITS
    card.settle(card.begin(at=NOW), failed, at=NOW)
    assert card.lane == EDITS


def test_an_aged_edit_that_fails_stays_where_it_is() -> None:
    card = a_posted_card()
    card.request_update(at=NOW, background=True)
    tries(card, SendResult(Outcome.NOT_SENT))
    assert card.lane == BACKGROUND_EDITS


def test_an_edit_whose_answer_was_lost_is_made_once_more_when_slack_has_come_to_rest() -> None:
    card = a_posted_card()
    card.request_update(at=NOW)
    at = tries(card, LOST, SENT)
    assert standing(card) == (State.QUEUED, at + QUIESCE)  # the lost one may come, and cover this
    tries(card, SENT)
    assert standing(card) == (State.SENT, None)


def test_a_card_that_somebody_deleted_becomes_another_message() -> None:
    card = a_posted_card()
    card.request_update(at=NOW)
    tries(card, SendResult(Outcome.GONE))
    assert (card.ts, card.generation, card.lane) == (None, 2, SUPPORT)
    assert (card.state, card.due_at) == (State.QUEUED, NOW)


def test_a_lane_rests_for_slacks_pace_after_a_message() -> None:
    assert SENT.lane_rests == PACE
    assert SendResult(Outcome.DROPPED).lane_rests == timedelta(0)


@pytest.mark.parametrize("outcome", [Outcome.UNWRITTEN, Outcome.GONE])
def test_what_fails_for_itself_alone_is_given_up_after_five_tries(outcome: Outcome) -> None:
    note = a_note()
    tries(note, *[SendResult(outcome)] * (TRIES_AT_MOST - 1))
    assert note.state is State.QUEUED
    tries(note, SendResult(outcome))
    assert (note.state, note.due_at) == (State.REFUSED, None)


def test_what_nobody_foresaw_is_looked_into_and_given_up_after_five_tries() -> None:
    note, odd = a_note(), SendResult(Outcome.ODD, reason="who_knows")
    tries(note, *[odd, ABSENT, ABSENT] * (TRIES_AT_MOST - 1))
    assert note.state is State.QUEUED
    tries(note, odd)
    assert (note.state, note.due_at) == (State.REFUSED, None)


def test_what_slack_loses_again_and_again_is_never_given_up_and_stands_back() -> None:
    note = a_note()
    at = tries(note, *[LOST, ABSENT, ABSENT] * 20)
    assert (note.state, note.due_at, note.queued_at) == (State.QUEUED, at, at)


def test_a_card_that_was_given_up_is_owed_again_with_its_next_change() -> None:
    card = a_card()
    tries(card, SendResult(Outcome.UNREACHABLE))
    card.request_update(at=NOW)
    assert (card.state, card.due_at) == (State.QUEUED, NOW)


def test_a_note_whose_card_is_not_there_yet_lets_it_go_first() -> None:
    note = a_note()
    later = NOW + timedelta(seconds=3)
    note.settle(note.begin(at=later), SendResult(Outcome.LATER), at=later)
    assert note.queued_at == later


def test_a_channel_is_a_lane() -> None:
    assert a_note().lane == ChannelId(SUPPORT)
