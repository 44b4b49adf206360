"""Messages to Slack: the life of a delivery, its retries, and its fallback recipients."""

from bot.delivery.delivery import YIELD_FOR, Delivery
from bot.delivery.fallback import fallbacks_for, questions
from bot.delivery.gathering import CASES_AT_MOST, gather
from bot.delivery.kinds import (
    BACKGROUND_EDITS,
    EDITED_IN_PLACE,
    EDITS,
    LOST,
    TROUBLED,
    Audience,
    DeliveryKind,
    State,
    card_key,
    home_key,
)
from bot.delivery.send_quota import (
    BURST,
    CATCHING_UP,
    ERRORS_OF_AN_OUTAGE,
    RESTORED,
    SendQuota,
    Stamp,
)
from bot.delivery.tries import (
    LONGEST_PAUSE,
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
    "CATCHING_UP",
    "EDITED_IN_PLACE",
    "EDITS",
    "ERRORS_OF_AN_OUTAGE",
    "LONGEST_PAUSE",
    "LOOKS_NEEDED",
    "LOOK_AGAIN",
    "LOST",
    "PACE",
    "QUIESCE",
    "RESTORED",
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
    "Stamp",
    "State",
    "Try",
    "card_key",
    "fallbacks_for",
    "gather",
    "home_key",
    "questions",
]
