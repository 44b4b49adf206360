"""The processes of an installation, as their heartbeats describe them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SEEN_WITHIN = timedelta(seconds=60)
"""A process without a heartbeat for this long counts as stopped. There is one every 10 seconds."""


class ProcessPart(StrEnum):
    """What a process does."""

    WEB = "web"  # receives requests from Slack
    WORKER = "worker"  # runs scheduled jobs and sends messages


@dataclass(frozen=True)
class Process:
    id: str
    host: str
    parts: tuple[ProcessPart, ...]
    version: str
    started_at: datetime
    seen_at: datetime

    def is_running(self, *, at: datetime) -> bool:
        """Return whether the last heartbeat is recent; one from the future, too, is not."""
        return abs(at - self.seen_at) <= SEEN_WITHIN


def count_workers(processes: Iterable[Process], *, at: datetime) -> int:
    """Return how many workers are running."""
    return sum(ProcessPart.WORKER in it.parts and it.is_running(at=at) for it in processes)
