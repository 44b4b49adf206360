"""What a case carries, in words of its own."""

from dataclasses import dataclass
from enum import StrEnum

from bot.people import CaseId
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
    miss_reason: MissReason | None = None  # needed where a promise was missed
    miss_note: str = ""
