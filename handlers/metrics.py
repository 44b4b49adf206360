"""What an operator's Prometheus may ask."""

from prometheus_client import Counter, Gauge

REQUESTS = Counter("baton_requests", "Requests from Slack, by answer", ["status"])
FORGED = Counter("baton_forged", "Presses and forms that Baton never made")
DELIVERIES = Counter(
    "baton_deliveries", "Tries at a message, by what came of it", ["kind", "outcome"]
)
HEALED = Counter("baton_twins_deleted", "Messages that stood there twice, and were deleted")
DOUBT = Gauge("baton_doubt_seconds", "How long the oldest message has been in doubt")
TROUBLE = Gauge(
    "baton_deliveries_in_trouble", "Messages that did not arrive, or wait for an answer", ["state"]
)
SHUT = Gauge("baton_workspaces_shut", "Workspaces in which Slack takes nothing from us")
CASE_LATE = Gauge("baton_case_late_seconds", "How long the oldest case has been due for a look")
BROKEN = Gauge("baton_broken", "Whether an invariant of Baton's own is broken", ["invariant"])
SKEW = Gauge("baton_clock_skew_seconds", "How far this host's clock is ahead of Slack's")
WAITING = Gauge("baton_deliveries_waiting", "Messages that are due")
DELIVERY_LATE = Gauge(
    "baton_delivery_late_seconds", "How long a message has been due that could go"
)
