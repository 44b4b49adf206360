"""A message owed, from due to settled: what becomes of each try, and who hears of it instead."""

from bot.delivery.delivery import STANDS_BACK, Delivery
from bot.delivery.fallback import instead_of, questions
from bot.delivery.gathering import CASES_AT_MOST, gather
from bot.delivery.kinds import (
    AGED,
    EDITS,
    LOST,
    PICTURES,
    TROUBLED,
    Audience,
    Kind,
    State,
    card_key,
    home_key,
)
from bot.delivery.send_quota import BURST, Outlet
from bot.delivery.tries import (
    DOUBT_AT_MOST,
    LOOK_AGAIN,
    LOOKS_NEEDED,
    PACE,
    QUIESCE,
    RETRY_AT_MOST,
    SWEEP_AGAIN,
    TRIES_AT_MOST,
    Answer,
    Outcome,
    Try,
)

__all__ = [
    "AGED",
    "BURST",
    "CASES_AT_MOST",
    "DOUBT_AT_MOST",
    "EDITS",
    "LOOKS_NEEDED",
    "LOOK_AGAIN",
    "LOST",
    "PACE",
    "PICTURES",
    "QUIESCE",
    "RETRY_AT_MOST",
    "STANDS_BACK",
    "SWEEP_AGAIN",
    "TRIES_AT_MOST",
    "TROUBLED",
    "Answer",
    "Audience",
    "Delivery",
    "Kind",
    "Outcome",
    "Outlet",
    "State",
    "Try",
    "card_key",
    "gather",
    "home_key",
    "instead_of",
    "questions",
]
