"""The words that deliveries are told apart by: what is sent, to whom, and how it stands."""

from enum import StrEnum

from bot.people import CaseId, UserId

EDITS = "edits"
"""The lane of all edits of cards: Slack counts them for a workspace, and they wait for nothing."""

BACKGROUND_EDITS = "edits/aged"
"""That of the edits that only time has made necessary: after an outage they are very many, and
what somebody does is to be seen at once.
"""


class DeliveryKind(StrEnum):
    """What is sent, and so who renders it."""

    CARD = "card"  # a case's one message in the channel: a picture of its newest state
    TASK = "task"  # what a department is asked: a message in its channel, edited like a card
    NOTE = "note"  # one event, told to one audience
    NUDGE = "nudge"  # a note that somebody is to act on
    GATHERED = "gathered"  # the nudges of many cases in one message
    DIGEST = "digest"
    FINDING = "finding"  # something wrong with Baton's own work, told to a lead
    HOME = "home"  # a person's Home tab: a picture of its newest state
    INSTEAD = "instead"  # of a message that could not be sent where it belongs
    QUESTION = "question"  # to a lead: whether a message arrived


PICTURES = frozenset({DeliveryKind.CARD, DeliveryKind.TASK})
"""Messages that are edited in place, to show the newest state."""

REPEATED_WHEN_BLIND = {
    DeliveryKind.NOTE,
    DeliveryKind.NUDGE,
    DeliveryKind.GATHERED,
    DeliveryKind.FINDING,
    DeliveryKind.INSTEAD,
    DeliveryKind.QUESTION,
}
"""Better read twice than not at all: said once more, and marked, where nobody can look."""

ASKED_ABOUT = {
    DeliveryKind.CARD,
    DeliveryKind.TASK,
    DeliveryKind.DIGEST,
    DeliveryKind.NOTE,
    DeliveryKind.NUDGE,
    DeliveryKind.GATHERED,
}
"""Where nobody can look, and it was said again or is not to be, a lead is asked."""


class Audience(StrEnum):
    """Who reads it: the words differ."""

    CHANNEL = "channel"
    THREAD = "thread"
    REPORTER = "reporter"
    FOLLOWER = "follower"  # who reported a case that was merged into it, or chose to follow it
    OWNER = "owner"
    LEAD = "lead"
    READERS = "few"  # who read a restricted case: what its thread leaves out
    DEPARTMENT = "department"  # that was asked, in the thread of what it was asked
    NAMED = "named"  # whom the event is about, or a level names


class State(StrEnum):
    QUEUED = "owed"
    SENDING = "sending"  # found so in a lane that is free again: cut short, and so in doubt
    IN_DOUBT = "in_doubt"
    SENT = "sent"
    CONFIRMED = "confirmed"  # by a lead, who has seen it in its place
    DROPPED = "dropped"  # no longer true when its turn came
    GATHERED = "gathered"  # into another message, the one in ``about``
    HELD = "held"  # a lead is asked whether it is there
    REFUSED = "refused"  # Slack never takes it, or it cannot be written
    UNREACHABLE = "unreachable"  # Slack takes nothing for its place


LOST = (State.REFUSED, State.UNREACHABLE)
"""It ended without having arrived: somebody else is told."""


TROUBLED = (*LOST, State.HELD)
"""What an operator looks into."""


def card_key(case: CaseId) -> str:
    return f"case/{case}/card"


def home_key(person: UserId) -> str:
    return f"home/{person}"
