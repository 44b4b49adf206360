"""The vocabulary of a case: its states, choices and the values that people enter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.messages import N_
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
"""The states of a closed case."""


class Reason(StrEnum):
    """Why a case needs a manager."""

    RISK = "risk"
    COMPLEXITY = "complexity"
    DISSATISFACTION = "dissatisfaction"


class Source(StrEnum):
    """The channel by which the customer got in touch."""

    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "e-mail"
    SOCIAL = "social"
    STORE = "store"
    OTHER = "other"


class MissReason(StrEnum):
    """Why a target was missed."""

    NOBODY_ON_DUTY = "nobody_on_duty"
    TOO_MUCH_WORK = "too_much_work"
    OTHER_TEAM = "other_team"
    MORE_FACTS = "more_facts"
    OTHER = "other"


class Mood(StrEnum):
    """The mood of the customer."""

    CALM = "calm"
    UPSET = "upset"
    ANGRY = "angry"


class Stage(StrEnum):
    """The five steps of a good escalation, in order."""

    HISTORY = "history"  # the case history was reviewed
    CONTACT = "contact"  # the customer was contacted
    FACTS = "facts"  # facts and root cause were established
    OFFER = "offer"  # a resolution was offered, within policy
    END = "end"  # outcome and prevention were written down


STAGE_NAMES = {
    Stage.HISTORY: N_("the history review"),
    Stage.CONTACT: N_("customer contact"),
    Stage.FACTS: N_("the facts"),
    Stage.OFFER: N_("an offer"),
    Stage.END: N_("the closing notes"),
}
"""What a step is called in the middle of a sentence."""


class Answer(StrEnum):
    """How far an offer grants what the customer wants."""

    GRANTED = "granted"
    PARTLY = "partly"
    DECLINED = "declined"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An offer to the customer; ``goodwill`` is in whole units of the team's currency."""

    answer: Answer
    words: str
    goodwill: int = 0


@dataclass(frozen=True, kw_only=True)
class Prevention:
    """Who prevents a recurrence, and by which day in the team's time zone."""

    owner: UserId
    by: date


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """What a reporter enters. Texts are cleaned, and required ones are not empty."""

    customer: str
    summary: str
    reasons: tuple[Reason, ...]
    priority: Priority
    category: str = ""
    ticket_link: str = ""
    source: Source | None = None
    wish: str = ""
    answers: str = ""  # to the team's intake questions, one line each
    follows: CaseId | None = None  # a closed case that is too old to reopen


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why a case is declined, and what its reporter should do instead."""

    why: str
    next_step: str


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """What the owner enters when resolving a case."""

    outcome: str
    root_cause: str
    prevention: str
    prevention_plan: Prevention | None = None
    left_out: str = ""  # why some of the five steps were left out
    miss_reason: MissReason | None = None  # required if a target was missed
    miss_note: str = ""


class Fact(StrEnum):
    """An editable fact. The value is the name of its attribute on a case."""

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
    """A fact before and after an edit, as text; empty means not set."""

    fact: Fact
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Edit:
    """The facts as a person submitted them in the edit form.

    ``base`` is the number of the last event when the form was opened. ``reviewed`` is the number of
    the last event when the form last showed what others had changed meanwhile.
    """

    facts: Mapping[Fact, str]
    base: int
    reviewed: int
