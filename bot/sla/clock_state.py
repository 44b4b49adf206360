"""The states of a clock."""

from enum import StrEnum


class ClockState(StrEnum):
    PENDING = "pending"
    AT_RISK = "at_risk"
    PAUSED = "paused"
    BREACHING = "breaching"
    MET = "met"
    MET_LATE = "met_late"
    CANCELLED = "cancelled"
