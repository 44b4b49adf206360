"""What the clocks measure, and which waits pause which."""

from enum import StrEnum

from bot.team import Policy, UpdateMode, Waiting


class Metric(StrEnum):
    """In the order in which people read them."""

    CLAIM = "claim"
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    UPDATE = "update"
    RESOLUTION = "resolution"
    TOTAL_RESOLUTION = "total_resolution"
    OWNERSHIP = "ownership"  # how long one holder has the case


RESOLVING = frozenset({Metric.RESOLUTION, Metric.TOTAL_RESOLUTION})


def pauses(policy: Policy, metric: Metric, waiting: Waiting) -> bool:
    if metric is Metric.UPDATE and waiting is Waiting.CUSTOMER:
        quiet = policy.update_mode is UpdateMode.NOT_WHILE_WAITING_ON_CUSTOMER
        return quiet or policy.pauses(metric, waiting)
    return policy.pauses(metric, waiting)
