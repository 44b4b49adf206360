"""A message owed, from due to settled."""

from datetime import timedelta

import pytest

from bot.delivery import (
    PACE,
    QUIESCE,
    RETRY_AT_MOST,
    Answer,
    Audience,
    Delivery,
    Outcome,
    State,
)
from bot.people import CaseId, ChannelId
from tests.world import MONDAY_9AM, SUPPORT

NOW = MONDAY_9AM
SENT = Answer(Outcome.SENT, ts="1.1")


def a_note() -> Delivery:
    return Delivery.of_note(CaseId(1), 1, Audience.THREAD, ChannelId(SUPPORT), at=NOW)


def a_card() -> Delivery:
    return Delivery.of_card(CaseId(1), ChannelId(SUPPORT), at=NOW)


def test_a_message_that_was_sent_is_done_with() -> None:
    note = a_note()
    attempt = note.begin(at=NOW)
    assert not attempt.in_doubt
    assert note.settle(attempt, SENT, at=NOW)
    assert (note.state, note.due_at, note.ts) == (State.SENT, None, "1.1")


def test_a_message_that_slack_does_not_have_is_tried_again_ever_more_slowly() -> None:
    note = a_note()
    waits = []
    for _ in range(12):
        note.settle(note.begin(at=NOW), Answer(Outcome.NOT_SENT), at=NOW)
        assert note.due_at is not None
        waits.append(note.due_at - NOW)
    assert waits[:3] == [timedelta(seconds=4), timedelta(seconds=8), timedelta(seconds=16)]
    assert waits == sorted(waits)
    assert waits[-1] == RETRY_AT_MOST


def test_when_slack_says_how_long_to_wait_that_is_how_long() -> None:
    note, answer = a_note(), Answer(Outcome.NOT_SENT, retry_after=timedelta(seconds=30))
    note.settle(note.begin(at=NOW), answer, at=NOW)
    assert note.due_at == NOW + timedelta(seconds=30)
    assert answer.lane_rests == timedelta(seconds=30)


def test_a_lost_reply_is_looked_into_once_slack_has_come_to_rest() -> None:
    note = a_note()
    note.settle(note.begin(at=NOW), Answer(Outcome.IN_DOUBT), at=NOW)
    assert note.due_at == NOW + QUIESCE
    assert note.begin(at=NOW + QUIESCE).in_doubt


def test_a_try_that_was_cut_short_is_in_doubt() -> None:
    note = a_note()
    note.begin(at=NOW)
    assert note.begin(at=NOW + QUIESCE).in_doubt


def test_a_sender_whose_try_is_not_the_last_is_not_heard() -> None:
    note = a_note()
    stale, fresh = note.begin(at=NOW), note.begin(at=NOW + QUIESCE)
    assert not note.settle(stale, Answer(Outcome.REFUSED), at=NOW)
    assert note.settle(fresh, SENT, at=NOW)
    assert note.state is State.SENT


def test_a_card_that_changes_while_it_is_sent_is_sent_again() -> None:
    card = a_card()
    attempt = card.begin(at=NOW)
    card.owe_again(at=NOW)
    card.settle(attempt, SENT, at=NOW)
    assert (card.state, card.due_at) == (State.OWED, NOW)
    card.settle(card.begin(at=NOW), SENT, at=NOW)
    assert card.state is State.SENT


def test_a_card_that_changes_often_before_it_is_sent_is_sent_once() -> None:
    card = a_card()
    for _ in range(5):
        card.owe_again(at=NOW)
    card.settle(card.begin(at=NOW), SENT, at=NOW)
    assert card.due_at is None


@pytest.mark.parametrize(
    ("outcome", "state"), [(Outcome.REFUSED, State.REFUSED), (Outcome.DROPPED, State.DROPPED)]
)
def test_what_need_not_or_cannot_be_sent_ends_there(outcome: Outcome, state: State) -> None:
    note = a_note()
    note.settle(note.begin(at=NOW), Answer(outcome, reason="so it is"), at=NOW)
    assert (note.state, note.due_at, note.reason) == (state, None, "so it is")


def test_a_lane_rests_for_slacks_pace_after_a_message() -> None:
    assert SENT.lane_rests == PACE
    assert Answer(Outcome.DROPPED).lane_rests == timedelta(0)


def test_what_nobody_foresaw_is_looked_into_and_given_up_after_five_tries() -> None:
    note, broken = a_note(), Answer(Outcome.BROKEN, reason="an error of ours")
    for _ in range(4):
        note.settle(note.begin(at=NOW), broken, at=NOW)
        assert (note.state, note.due_at) == (State.IN_DOUBT, NOW + QUIESCE)
    note.settle(note.begin(at=NOW), broken, at=NOW)
    assert (note.state, note.due_at) == (State.REFUSED, None)


def test_a_card_that_was_given_up_is_owed_again_with_its_next_change() -> None:
    card = a_card()
    for _ in range(5):
        card.settle(card.begin(at=NOW), Answer(Outcome.BROKEN), at=NOW)
    card.owe_again(at=NOW)
    assert (card.state, card.due_at) == (State.OWED, NOW)
