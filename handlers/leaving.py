"""Somebody leaves, by whichever door it was heard: what they have in hand goes on without them."""

from bot.people import CaseId, Person, UserId
from storage import Transaction


def hand_on(tx: Transaction, user: UserId, to: Person | None) -> list[CaseId]:
    """Give all open cases of somebody to somebody else, or back to the queue."""
    cases = [case.id for case in tx.cases.owned_by(user)]
    for case in cases:
        tx.cases.get(case).outlive_owner(to, at=tx.now)
    return cases
