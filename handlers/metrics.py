"""Prometheus metrics."""

from collections.abc import Sequence
from datetime import datetime

from prometheus_client import Counter, Gauge, Histogram

from bot.delivery import TROUBLED
from bot.processes import Process, count_workers
from storage.due import Due

REQUESTS = Counter("baton_requests", "HTTP requests from Slack, by response status", ["status"])
FORGED = Counter("baton_forged", "Button presses and forms whose signed values were invalid")
DELIVERIES = Counter(
    "baton_deliveries", "Attempts to send a message, by kind and outcome", ["kind", "outcome"]
)
DUPLICATES_DELETED = Counter("baton_twins_deleted", "Duplicate messages found in Slack and deleted")
DELIVERED = Histogram(
    "baton_delivered_seconds",
    "Seconds from a message being due to Slack accepting it",
    ["kind"],
    buckets=(0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900),
)
GATHERED = Counter("baton_gathered", "Nudges that were combined into a summary message")
TICK_LATE = Histogram(
    "baton_tick_late_seconds",
    "Seconds from a case being due for a check to the check",
    buckets=(0.5, 1, 2, 5, 10, 30, 60, 90, 300),
)
CASE_LATE = Gauge("baton_case_late_seconds", "Seconds the oldest overdue case check is late")
BROKEN = Gauge("baton_broken", "1 while an invariant of Baton is broken", ["invariant"])
SKEW = Gauge("baton_clock_skew_seconds", "Seconds this host's clock is ahead of Slack's")
AHEAD = Gauge(
    "baton_stored_times_ahead_seconds",
    "Seconds that stored waiting times lie too far in the future, because the clock was ahead",
)
WAITING = Gauge("baton_deliveries_waiting", "Messages that are due and not sent yet")
DELIVERY_LATE = Gauge(
    "baton_delivery_late_seconds", "Seconds the oldest message that could be sent now is late"
)
LANES = Gauge("baton_lanes_waiting", "Channels and people with a message due")
OLDEST = Gauge("baton_oldest_owed_seconds", "Seconds since the oldest due message was queued")
IN_DOUBT = Gauge(
    "baton_deliveries_in_doubt", "Messages for which it is unknown whether Slack posted them"
)
DOUBT = Gauge("baton_doubt_seconds", "Seconds the oldest of these messages has been in doubt")
IN_TROUBLE = Gauge(
    "baton_deliveries_in_trouble",
    "Messages that were not delivered or wait for a person's decision, by state",
    ["state"],
)
OUTAGES = Gauge("baton_workspaces_failing", "Workspaces in which Slack answers with errors")
SHUT = Gauge("baton_workspaces_shut", "Workspaces in which Slack rejects Baton's token")
WORKERS = Gauge("baton_workers", "Workers with a heartbeat within the last minute")
SEEN = Gauge(
    "baton_process_seen_seconds",
    "Seconds since the last heartbeat of a process",
    ["process", "parts", "version"],
)


def show_processes(processes: Sequence[Process], *, at: datetime) -> None:
    """Set the gauges of the workspace's processes."""
    WORKERS.set(count_workers(processes, at=at))
    SEEN.clear()
    for it in processes:
        seen = SEEN.labels(it.id, ",".join(it.parts), it.version)
        seen.set((at - it.seen_at).total_seconds())


def refresh(due: Due) -> None:
    """Set the gauges from the database. Every process reports the same values."""
    late, backlog, in_trouble = due.lateness(), due.backlog(), due.in_trouble()
    CASE_LATE.set(late.case.total_seconds())
    DELIVERY_LATE.set(late.delivery.total_seconds())
    AHEAD.set(due.ahead().total_seconds())
    WAITING.set(backlog.messages)
    LANES.set(backlog.lanes)
    OLDEST.set(backlog.oldest.total_seconds())
    IN_DOUBT.set(backlog.in_doubt)
    DOUBT.set(due.doubt().total_seconds())
    OUTAGES.set(len(due.outages()))
    SHUT.set(len(due.shut()))
    for state in TROUBLED:
        IN_TROUBLE.labels(state).set(in_trouble.get(state, 0))
