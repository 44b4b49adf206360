"""Somebody leaves, by whichever door it was heard: what they have in hand goes on without them."""

from collections.abc import Iterable

from bot.case import OVER, Case
from bot.delivery import Audience, Delivery, gather
from bot.people import Person, UserId
from storage import Transaction

SEE_TO_IT = (Audience.LEAD, Audience.OWNER)


def hand_on(tx: Transaction, user: UserId, to: Person | None) -> list[Case]:
    """Give all open cases of somebody to somebody else, or back to the queue.

    Whoever sees to it that they go on, hears of all of them at once.
    """
    cases = _taken(tx, user)
    told = [note for case in cases for note in _let_go(case, to, tx)]
    for reader in dict.fromkeys(note.channel for note in told):
        for message in gather([it for it in told if it.channel == reader], at=tx.now, more_than=1):
            tx.outbox.add(message)
    return cases


def _taken(tx: Transaction, user: UserId) -> list[Case]:
    """All that they still have in hand once nobody else is at it."""
    numbers = [case.id for case in tx.cases.owned_by(user)]
    taken = tx.cases.get_all(numbers)
    return [case for case in taken if case.owner == user and case.status not in OVER]


def _let_go(case: Case, to: Person | None, tx: Transaction) -> Iterable[Delivery]:
    """What is owed to those who see to it."""
    known = len(case.history)
    case.outlive_owner(to, at=tx.now)
    notes = (note for event in case.history[known:] for note in event.notifications)
    return [note for note in notes if note.audience in SEE_TO_IT]
