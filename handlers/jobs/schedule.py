"""How often each job runs. The scheduler keeps nothing that must survive a restart."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from aiohttp import ClientSession
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import WorkspaceId
from handlers.jobs.channels import refresh_channels, update_shared_cards
from handlers.jobs.clock import ClockWatch
from handlers.jobs.digests import make_due_digests
from handlers.jobs.groups import refresh_groups
from handlers.jobs.housekeeping import (
    delete_old,
    delete_old_nonces,
    mark_database,
    retry_cards,
)
from handlers.jobs.members import refresh_people
from handlers.jobs.self_check import SteadyTime, run_self_check
from handlers.jobs.tick import tick_due_cases
from handlers.slack.outgoing.deliver import Deliverer
from storage import Store
from storage.store import wall_clock

SECOND, SWEEP, MINUTE, QUARTER, HOUR = 1, 10, 60, 900, 3600


def make_schedule(
    store: Store,
    client: AsyncWebClient,
    deliverer: Deliverer,
    clock_watch: ClockWatch,
    workspace: WorkspaceId,
    session: ClientSession,
    heartbeat_url: str | None,
) -> AsyncIOScheduler:
    # A late or missed run is made up once; a job never runs twice at the same time.
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )

    def every(seconds: int, job: object, *arguments: object) -> None:
        scheduler.add_job(job, "interval", arguments, seconds=seconds)

    every(SECOND, clock_watch.check)
    every(SECOND, tick_due_cases, store)
    every(SECOND, make_due_digests, store)
    every(SWEEP, deliverer.sweep)
    every(MINUTE, deliverer.probe)
    every(MINUTE, refresh_groups, store, client, workspace)
    every(MINUTE, run_self_check, store, workspace, session, heartbeat_url, SteadyTime(store.clock))
    every(MINUTE, delete_old_nonces, store, workspace)
    every(MINUTE, mark_database, store)
    every(SWEEP, refresh_people, store, client, workspace)
    every(MINUTE, update_shared_cards, store, workspace)
    every(HOUR, refresh_channels, store, client, workspace)
    every(QUARTER, retry_cards, store, workspace)
    every(HOUR, delete_old, store, workspace)
    return scheduler


@asynccontextmanager
async def keeping_time(
    scheduler: AsyncIOScheduler, wall: Callable[[], datetime] = wall_clock
) -> AsyncIterator[None]:
    """Run the scheduler until the block ends, through jumps of the host's clock.

    APScheduler plans by the host's clock: after a jump back, every job would wait for the old time.
    """
    scheduler.start()
    watching = asyncio.create_task(_restart_after_jumps(scheduler, wall))
    try:
        yield
    finally:
        watching.cancel()
        scheduler.shutdown()


async def _restart_after_jumps(scheduler: AsyncIOScheduler, wall: Callable[[], datetime]) -> None:
    latest = wall()
    while True:
        await asyncio.sleep(SECOND)  # by the monotonic clock, which never jumps
        if (now := wall()) < latest:
            for job in scheduler.get_jobs():
                job.modify(next_run_time=now)
        latest = now
