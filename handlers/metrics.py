"""What an operator's Prometheus may ask."""

from prometheus_client import Counter, Gauge, Histogram

from bot.delivery import TROUBLED
from storage.due import Due

REQUESTS = Counter("baton_requests", "Requests from Slack, by answer", ["status"])
FORGED = Counter("baton_forged", "Presses and forms that Baton never made")
DELIVERIES = Counter(
    "baton_deliveries", "Tries at a message, by what came of it", ["kind", "outcome"]
)
HEALED = Counter("baton_twins_deleted", "Messages that stood there twice, and were deleted")
DELIVERED = Histogram(
    "baton_delivered_seconds",
    "From due until Slack had it",
    ["kind"],
    buckets=(0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900),
)
GATHERED = Counter("baton_gathered", "Nudges that were told together in one message")
TICK_LATE = Histogram(
    "baton_tick_late_seconds",
    "From when a case was due for a look until it had one",
    buckets=(0.5, 1, 2, 5, 10, 30, 60, 90, 300),
)
CASE_LATE = Gauge("baton_case_late_seconds", "How long the oldest case has been due for a look")
BROKEN = Gauge("baton_broken", "Whether an invariant of Baton's own is broken", ["invariant"])
SKEW = Gauge("baton_clock_skew_seconds", "How far this host's clock is ahead of Slack's")
WAITING = Gauge("baton_deliveries_waiting", "Messages that are due")
DELIVERY_LATE = Gauge(
    "baton_delivery_late_seconds", "How long a message has been due that could go"
)
LANES = Gauge("baton_lanes_waiting", "Channels and people for whom a message is due")
OLDEST = Gauge("baton_oldest_owed_seconds", "How long the oldest message that is due was owed")
IN_DOUBT = Gauge("baton_deliveries_in_doubt", "Messages that may or may not have arrived")
DOUBT = Gauge("baton_doubt_seconds", "How long the oldest of those has been in doubt")
IN_TROUBLE = Gauge(
    "baton_deliveries_in_trouble", "Messages that did not arrive, or wait for an answer", ["state"]
)
SHUT = Gauge("baton_workspaces_shut", "Workspaces in which Slack takes nothing from us")


def look(due: Due) -> None:
    """Measure what the database knows: it is the same whichever process is asked."""
    late, backlog, in_trouble = due.lateness(), due.backlog(), due.in_trouble()
    CASE_LATE.set(late.case.total_seconds())
    DELIVERY_LATE.set(late.delivery.total_seconds())
    WAITING.set(backlog.messages)
    LANES.set(backlog.lanes)
    OLDEST.set(backlog.oldest.total_seconds())
    IN_DOUBT.set(backlog.in_doubt)
    DOUBT.set(due.doubt().total_seconds())
    SHUT.set(len(due.shut()))
    for state in TROUBLED:
        IN_TROUBLE.labels(state).set(in_trouble.get(state, 0))
