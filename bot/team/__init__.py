"""A team file: its people, opening hours, SLA policies and escalation levels."""

from bot.team.document import TeamDocument
from bot.team.levels import Level
from bot.team.mistakes import BadDocument, Mistake
from bot.team.policies import Policy, Threshold
from bot.team.reading import read_team, team_from_json
from bot.team.sections import (
    CalendarSection,
    DigestSection,
    EscalateWhen,
    EscalationSection,
    GoodwillSection,
    IfNobody,
    OnPriorityChange,
    PolicySection,
    QuestionSection,
    TeamSection,
    UpdateMode,
    Waiting,
)

__all__ = [
    "BadDocument",
    "CalendarSection",
    "DigestSection",
    "EscalateWhen",
    "EscalationSection",
    "GoodwillSection",
    "IfNobody",
    "Level",
    "Mistake",
    "OnPriorityChange",
    "Policy",
    "PolicySection",
    "QuestionSection",
    "TeamDocument",
    "TeamSection",
    "Threshold",
    "UpdateMode",
    "Waiting",
    "read_team",
    "team_from_json",
]
