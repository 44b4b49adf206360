"""The priorities of a case."""

from enum import StrEnum


class Priority(StrEnum):
    """The most urgent first."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"
