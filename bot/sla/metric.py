"""The metrics that clocks measure, and which waits pause them."""

from enum import StrEnum

from bot.team import Policy, UpdateMode, Waiting


class Metric(StrEnum):
    """What a clock measures, in the order of display."""

    CLAIM = "claim"
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    UPDATE = "update"
    RESOLUTION = "resolution"
    TOTAL_RESOLUTION = "total_resolution"
    OWNERSHIP = "ownership"  # how long one owner holds the case


RESOLVING = frozenset({Metric.RESOLUTION, Metric.TOTAL_RESOLUTION})


def pauses(policy: Policy, metric: Metric, waiting: Waiting) -> bool:
    """Say whether a wait on this party pauses this clock."""
    if metric is Metric.UPDATE and waiting is Waiting.CUSTOMER:
        quiet = policy.update_mode is UpdateMode.NOT_WHILE_WAITING_ON_CUSTOMER
        return quiet or policy.pauses(metric, waiting)
    return policy.pauses(metric, waiting)
