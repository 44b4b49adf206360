"""A case: what it carries, its life, and what time does to it."""

from bot.case.case import Case
from bot.case.editing import Edit
from bot.case.facts import (
    OVER,
    STEP_WORDS,
    Answer,
    MissReason,
    Mood,
    NewCase,
    Offer,
    Prevention,
    Reason,
    Refusal,
    Resolution,
    Source,
    Stage,
    Status,
)
from bot.case.story import Story
from bot.case.watch import clocks_at_each_priority, read_clocks
from bot.events import Fact

__all__ = [
    "OVER",
    "STEP_WORDS",
    "Answer",
    "Case",
    "Edit",
    "Fact",
    "MissReason",
    "Mood",
    "NewCase",
    "Offer",
    "Prevention",
    "Reason",
    "Refusal",
    "Resolution",
    "Source",
    "Stage",
    "Status",
    "Story",
    "clocks_at_each_priority",
    "read_clocks",
]
