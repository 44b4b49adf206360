"""What follows from a try: a fallback recipient, a question to a lead, a card posted again."""

from contextlib import suppress

from bot.case import Case
from bot.case.recipients import next_recipients
from bot.delivery import (
    EDITED_IN_PLACE,
    LOST,
    Delivery,
    DeliveryKind,
    Outcome,
    SendResult,
    State,
    Try,
    card_key,
    fallbacks_for,
    questions,
)
from bot.errors import UnreadableCase
from bot.team.team import Team
from storage import Transaction
from storage.sending.lease import Sweep


def settle(tx: Transaction, key: str, attempt: Try, answer: SendResult) -> State:
    """End a try, queue what follows from it, and return the message's new state."""
    delivery = tx.outbox.get(key)
    lane, position = delivery.lane, delivery.queued_at
    is_edit, is_card = delivery.ts is not None, delivery.kind in EDITED_IN_PLACE
    free_at = tx.now + delivery.pause_after(answer)
    if not delivery.settle(attempt, answer, at=tx.now):
        return delivery.state
    if delivery.due_at is not None and (delivery.lane, delivery.queued_at) == (lane, position):
        free_at = max(free_at, delivery.due_at)  # still the head of its lane, which waits for it
    tx.outbox.free_lane(lane, at=free_at)
    _lengthen_quiesce(tx, answer)
    _watch_for_outages(tx, attempt, answer)
    if answer.outcome is Outcome.WORKSPACE_REJECTED:
        tx.outbox.send_quota().shut(answer.reason, at=tx.now)
    elif answer.retry_after is not None and lane == delivery.channel:
        tx.outbox.send_quota().slow_down(answer.retry_after, at=tx.now)
    elif answer.outcome is Outcome.TARGET_DELETED and not (is_edit or is_card):
        _renew_card(tx, delivery, answer)
    if answer.outcome is Outcome.NOT_ALLOWED:
        _nudge_the_next(tx, delivery)
    elif delivery.state in LOST and (is_card or not is_edit):
        _deliver_elsewhere(tx, delivery)
    elif delivery.state is State.HELD and (team := _team(tx, delivery)):
        _add(tx, questions(delivery, team, at=tx.now))
    return delivery.state


def settle_sweep(tx: Transaction, sweep: Sweep, answer: SendResult) -> None:
    _lengthen_quiesce(tx, answer)  # locked in the order of a lease, so the two cannot deadlock
    delivery = tx.outbox.get(sweep.delivery.key)
    if delivery.sweep_at == sweep.until:
        delivery.swept(answer, at=tx.now)


def _lengthen_quiesce(tx: Transaction, answer: SendResult) -> None:
    """Search later from now on: a duplicate shows that a search came too early."""
    if answer.duplicates_deleted:
        tx.outbox.send_quota().found_duplicate()


def _watch_for_outages(tx: Transaction, attempt: Try, answer: SendResult) -> None:
    if answer.outcome is Outcome.IN_DOUBT and answer.retry_after is None:
        tx.outbox.send_quota().failed(at=tx.now)
    elif attempt.probes and answer.reached_slack:
        accepted = answer.outcome is Outcome.SENT and not attempt.looks
        tx.outbox.send_quota().answered(accepted=accepted, at=tx.now)


def reopen_workspace(tx: Transaction) -> None:
    tx.outbox.send_quota().open()


def _renew_card(tx: Transaction, note: Delivery, answer: SendResult) -> None:
    """Post the card again if the thread of a note is gone, unless that has happened already."""
    if note.case is None or (card := tx.outbox.find(card_key(note.case))) is None:
        return
    if card.ts == answer.ts and card.state is not State.SENDING:
        card.renew(at=note.queued_at)  # the card goes before the notes of the same instant


def _deliver_elsewhere(tx: Transaction, lost: Delivery) -> None:
    original = tx.outbox.look_up(lost.about) if lost.kind is DeliveryKind.INSTEAD else lost
    team, case = _team(tx, original), _case(tx, original)
    if team is None:
        return
    tx.teams.get(team.id)  # a case of the team may just be restricted: wait for that
    queued = fallbacks_for(
        lost,
        original,
        team,
        card=case.card.channel if case else None,
        owner=case.owner if case else None,
        at=tx.now,
    )
    _add(tx, queued)


def _nudge_the_next(tx: Transaction, dropped: Delivery) -> None:
    """Pass a nudge on if none of its recipients may act any more."""
    if dropped.kind is not DeliveryKind.NUDGE or (case := _case(tx, dropped)) is None:
        return
    direct = [it for it in tx.outbox.of_event(case.id, dropped.event) if it.is_direct_message]
    if all(it.state is State.DROPPED for it in direct):
        event, tried = case.history[dropped.event - 1], {it.channel for it in direct}
        _add(tx, next_recipients(case, event, tried))


def _add(tx: Transaction, queued: list[Delivery]) -> None:
    for one in queued:
        tx.outbox.add_once(one)


def _case(tx: Transaction, delivery: Delivery) -> Case | None:
    """Return the case of a message; None if it has none, or one that this version cannot read."""
    if delivery.case is None:
        return None
    with suppress(UnreadableCase):
        return tx.cases.look_up(delivery.case)
    return None


def _team(tx: Transaction, delivery: Delivery) -> Team | None:
    """Return the team that a message belongs to."""
    parts = (
        tx.outbox.parts_of(delivery.key) if delivery.kind is DeliveryKind.GATHERED else [delivery]
    )
    for part in parts:
        if (case := _case(tx, part)) is not None:
            return case.team
    return tx.teams.in_channel(delivery.channel)
