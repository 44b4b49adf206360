"""Which processes run, by their heartbeats, and whether one of them is a worker."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.processes import SEEN_WITHIN, Process, count_workers
from handlers.i18n import _


def describe_processes(processes: Sequence[Process], *, at: datetime) -> Iterator[str]:
    """Yield a line for each process."""
    for it in processes:
        running = _("Process {id} ({parts}, version {version}): seen {seconds} s ago.")
        stopped = _("Process {id} ({parts}, version {version}): not seen for {seconds} s.")
        yield (running if it.is_running(at=at) else stopped).format(
            id=it.id,
            parts=", ".join(it.parts),
            version=it.version,
            seconds=f"{abs(at - it.seen_at).total_seconds():.0f}",
        )
    if not processes:
        yield _("No process of Baton is running. Start one with: baton run")


def check_workers(processes: Sequence[Process], *, at: datetime) -> Iterator[str]:
    """Yield a problem if processes were started but no worker is among those that run."""
    if processes and count_workers(processes, at=at) == 0:
        yield _(
            "No worker was seen for {seconds} s, so reminders are not sent. Nothing is lost; start "
            "it with: baton run, or baton worker"
        ).format(seconds=f"{SEEN_WITHIN.total_seconds():.0f}")
