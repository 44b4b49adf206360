"""Messages to Slack: the life of a delivery, its retries, and its fallback recipients."""

from bot.delivery.delivery import YIELD_FOR, Delivery
from bot.delivery.fallback import fallbacks_for, questions
from bot.delivery.gathering import CASES_AT_MOST, gather
from bot.delivery.kinds import (
    BACKGROUND_EDITS,
    EDITED_IN_PLACE,
    EDITS,
    LOST,
    REDACTIONS,
    TROUBLED,
    Audience,
    DeliveryKind,
    State,
    card_key,
    home_key,
)
from bot.delivery.send_quota import BURST, SendQuota
from bot.delivery.tries import (
    DOUBT_AT_MOST,
    LOOK_AGAIN,
    LOOKS_NEEDED,
    PACE,
    QUIESCE,
    RETRY_AT_MOST,
    SWEEP_AGAIN,
    TRIES_AT_MOST,
    Outcome,
    SendResult,
    Try,
)

__all__ = [
    "BACKGROUND_EDITS",
    "BURST",
    "CASES_AT_MOST",
    "DOUBT_AT_MOST",
    "EDITED_IN_PLACE",
    "EDITS",
    "LOOKS_NEEDED",
    "LOOK_AGAIN",
    "LOST",
    "PACE",
    "QUIESCE",
    "REDACTIONS",
    "RETRY_AT_MOST",
    "SWEEP_AGAIN",
    "TRIES_AT_MOST",
    "TROUBLED",
    "YIELD_FOR",
    "Audience",
    "Delivery",
    "DeliveryKind",
    "Outcome",
    "SendQuota",
    "SendResult",
    "State",
    "Try",
    "card_key",
    "fallbacks_for",
    "gather",
    "home_key",
    "questions",
]
