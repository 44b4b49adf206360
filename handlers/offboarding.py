"""Reassigning the open cases of a person who leaves."""

from collections.abc import Iterable

from bot.case import OVER, Case
from bot.delivery import Audience, Delivery, gather
from bot.people import Person, UserId
from storage import Transaction

NOTIFIED = (Audience.LEAD, Audience.OWNER)


def reassign_open_cases(tx: Transaction, user: UserId, to: Person | None) -> list[Case]:
    """Reassign all open cases of ``user`` to ``to``, or return them to the queue.

    The leads and the new owner each get one message that lists all of them. Returns the cases.

    Raises:
        CannotOwn: ``to`` may not own one of the cases.
    """
    cases = _open_cases_of(tx, user)
    notes = [note for case in cases for note in _reassign(case, to, tx)]
    for recipient in dict.fromkeys(note.channel for note in notes):
        own = [note for note in notes if note.channel == recipient]
        for message in gather(own, at=tx.now, more_than=1):
            tx.outbox.add(message)
    return cases


def _open_cases_of(tx: Transaction, user: UserId) -> list[Case]:
    numbers = [case.id for case in tx.cases.owned_by(user)]
    # A case may have been resolved or reassigned while this transaction waited for its lock.
    locked = tx.cases.get_all(numbers)
    return [case for case in locked if case.owner == user and case.status not in OVER]


def _reassign(case: Case, to: Person | None, tx: Transaction) -> Iterable[Delivery]:
    """Reassign one case and return its notifications to leads and the new owner."""
    known = len(case.history)
    case.replace_departed_owner(to, at=tx.now)
    notes = (note for event in case.history[known:] for note in event.notifications)
    return [note for note in notes if note.audience in NOTIFIED]
