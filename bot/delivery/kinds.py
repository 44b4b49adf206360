"""The kinds, audiences and states of deliveries."""

from enum import StrEnum

from bot.people import CaseId, UserId

EDITS = "edits"
"""The lane of all card edits. Slack limits edits per workspace, not per channel."""

BACKGROUND_EDITS = "edits/aged"
"""The lane of edits caused by time alone. After an outage there are very many, and they must not
delay the edits that people cause.
"""

REDACTIONS = "edits/redactions"
"""The lane of edits that hide what a restricted case says: while one is due, other edits wait."""


class DeliveryKind(StrEnum):
    """What is sent. It decides how the message is rendered."""

    CARD = "card"  # a case's message in the channel, edited to show the newest state
    TASK = "task"  # a question in a department's channel, edited like a card
    NOTE = "note"  # one event for one audience
    NUDGE = "nudge"  # a note that calls for action
    GATHERED = "gathered"  # the nudges of many cases in one message
    DIGEST = "digest"
    FINDING = "finding"  # a fault in Baton's own work, for a lead
    SHARED = "shared"  # people of another company can read a channel, for a lead
    HOME = "home"  # a person's Home tab, replaced to show the newest state
    INSTEAD = "instead"  # a copy of an undeliverable message, for another recipient
    QUESTION = "question"  # asks a lead whether a message arrived
    REPLIES = "replies"  # links to what people wrote about a case that was just restricted


EDITED_IN_PLACE = frozenset({DeliveryKind.CARD, DeliveryKind.TASK})
"""Messages that are edited in place to show the newest state."""

REPEATED_WHEN_BLIND = {
    DeliveryKind.NOTE,
    DeliveryKind.NUDGE,
    DeliveryKind.GATHERED,
    DeliveryKind.FINDING,
    DeliveryKind.SHARED,
    DeliveryKind.INSTEAD,
    DeliveryKind.QUESTION,
    DeliveryKind.REPLIES,
}
"""Sent once more, marked as a possible duplicate, if Slack does not let us check whether they
arrived: better read twice than not at all.
"""

ASKED_ABOUT = {
    DeliveryKind.CARD,
    DeliveryKind.TASK,
    DeliveryKind.DIGEST,
    DeliveryKind.NOTE,
    DeliveryKind.NUDGE,
    DeliveryKind.GATHERED,
}
"""Leads are asked whether these arrived, if Slack does not let us check and they are not, or no
longer, sent again.
"""


class Audience(StrEnum):
    """Who reads a message. It decides the wording."""

    CHANNEL = "channel"
    THREAD = "thread"
    REPORTER = "reporter"
    FOLLOWER = "follower"  # follows the case, or reported one that was merged into it
    OWNER = "owner"
    LEAD = "lead"
    READERS = "few"  # may read a restricted case: they get what its thread leaves out
    DEPARTMENT = "department"  # the department that was asked, in the thread of the question
    NAMED = "named"  # the person the event is about, or recipients named by a level


class State(StrEnum):
    """Where a delivery stands."""

    QUEUED = "owed"
    SENDING = "sending"  # in doubt if still found here once its lease has expired
    IN_DOUBT = "in_doubt"  # Slack may have it: check before sending again
    SENT = "sent"
    CONFIRMED = "confirmed"  # a lead has seen it
    DROPPED = "dropped"  # no longer current when its turn came
    GATHERED = "gathered"  # replaced by the message named in ``about``
    HELD = "held"  # a lead is asked whether it arrived
    REFUSED = "refused"  # Slack rejects the message, or it cannot be rendered
    UNREACHABLE = "unreachable"  # Slack rejects every message to this recipient


LOST = (State.REFUSED, State.UNREACHABLE)
"""The message did not arrive, so fallback recipients get a copy."""

TROUBLED = (*LOST, State.HELD)
"""States that an operator should look into."""


def card_key(case: CaseId) -> str:
    return f"case/{case}/card"


def home_key(person: UserId) -> str:
    return f"home/{person}"
