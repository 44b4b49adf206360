"""Cases: their data, their lifecycle and their clocks."""

from bot.case.case import Case
from bot.case.clock_inputs import ClockInputs
from bot.case.clocks import clocks_at_each_priority, read_clocks
from bot.case.facts import (
    OVER,
    STAGE_NAMES,
    Answer,
    Edit,
    Fact,
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

__all__ = [
    "OVER",
    "STAGE_NAMES",
    "Answer",
    "Case",
    "ClockInputs",
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
    "clocks_at_each_priority",
    "read_clocks",
]
