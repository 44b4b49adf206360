"""The priorities of a case."""

from enum import StrEnum


class Priority(StrEnum):
    """The priority of a case. The order matters: most urgent first."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"
