"""What a case carries, in words of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.people import CaseId, UserId
from bot.priority import Priority


class Status(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    WAITING = "waiting"
    RESOLVED = "resolved"
    DECLINED = "declined"
    MERGED = "merged"


OVER = frozenset({Status.RESOLVED, Status.DECLINED, Status.MERGED})
"""Nothing is left to do, unless somebody reopens it."""


class Reason(StrEnum):
    """Why a case needs a manager."""

    RISK = "risk"
    COMPLEXITY = "complexity"
    DISSATISFACTION = "dissatisfaction"


class Source(StrEnum):
    """Where the customer came from."""

    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "e-mail"
    SOCIAL = "social"
    STORE = "store"
    OTHER = "other"


class MissReason(StrEnum):
    """Why a promise was not kept."""

    NOBODY_ON_DUTY = "nobody_on_duty"
    TOO_MUCH_WORK = "too_much_work"
    OTHER_TEAM = "other_team"
    MORE_FACTS = "more_facts"
    OTHER = "other"


class Mood(StrEnum):
    """How the customer is."""

    CALM = "calm"
    UPSET = "upset"
    ANGRY = "angry"


class Stage(StrEnum):
    """The five steps of a good escalation, in their order."""

    HISTORY = "history"  # reviewed
    CONTACT = "contact"  # with the customer
    FACTS = "facts"  # and the root cause
    OFFER = "offer"  # of a resolution, within policy
    END = "end"  # outcome and prevention, written down


STEP_WORDS = {
    Stage.HISTORY: "the history",
    Stage.CONTACT: "a talk with the customer",
    Stage.FACTS: "the facts",
    Stage.OFFER: "an offer",
    Stage.END: "the end",
}


class Answer(StrEnum):
    """What the customer is offered of what they want."""

    GRANTED = "granted"
    PARTLY = "partly"
    DECLINED = "declined"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A resolution that is offered; ``goodwill`` is whole units of the team's currency."""

    answer: Answer
    words: str
    goodwill: int = 0


@dataclass(frozen=True, kw_only=True)
class Prevention:
    """Who sees to it that it does not happen again, and by which local day."""

    owner: UserId
    by: date


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """What a reporter tells of a case; texts are cleaned, and not empty where required."""

    customer: str
    summary: str
    reasons: tuple[Reason, ...]
    priority: Priority
    category: str = ""
    ticket_link: str = ""
    source: Source | None = None
    wish: str = ""
    answers: str = ""  # to what the team asks first, a line for each question
    follows: CaseId | None = None  # one that was over too long ago to be reopened


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What is said of a case that is declined: its reporter is to know what to do instead."""

    why: str
    next_step: str


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """What its owner says of a case at its end."""

    outcome: str
    root_cause: str
    prevention: str
    seen_to: Prevention | None = None
    left_out: str = ""  # why steps of a good escalation were
    miss_reason: MissReason | None = None  # needed where a promise was missed
    miss_note: str = ""


class Fact(StrEnum):
    """What a case says, and may be corrected: each is a field of it."""

    CUSTOMER = "customer"
    SUMMARY = "summary"
    CATEGORY = "category"
    TICKET_LINK = "ticket_link"
    SOURCE = "source"
    WISH = "wish"
    MOOD = "mood"
    PUBLIC_COMPLAINT = "public_complaint"
    CHURN_RISK = "churn_risk"
    RESTRICTED = "restricted"


YES = "yes"


@dataclass(frozen=True)
class FactChange:
    """What a fact was, and what it became, as text; empty is nothing."""

    fact: Fact
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What somebody would have a case say.

    ``base`` is the number of the last event when they were shown what it said, ``reviewed`` when
    they were last told what others had changed since.
    """

    facts: Mapping[Fact, str]
    base: int
    reviewed: int
