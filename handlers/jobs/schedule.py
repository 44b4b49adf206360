"""How often each job runs. The scheduler keeps nothing that must survive a restart."""

from aiohttp import ClientSession
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import WorkspaceId
from handlers.jobs.channels import refresh_channels, update_shared_cards
from handlers.jobs.digests import make_due_digests
from handlers.jobs.groups import refresh_groups
from handlers.jobs.housekeeping import delete_old, delete_old_nonces, retry_cards
from handlers.jobs.members import refresh_people
from handlers.jobs.self_check import run_self_check
from handlers.jobs.tick import tick_due_cases
from handlers.slack.outgoing.deliver import Deliverer
from storage import Store

SECOND, SWEEP, MINUTE, QUARTER, HOUR = 1, 10, 60, 900, 3600


def make_schedule(
    store: Store,
    client: AsyncWebClient,
    deliverer: Deliverer,
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

    every(SECOND, tick_due_cases, store)
    every(SECOND, make_due_digests, store)
    every(SWEEP, deliverer.sweep)
    every(MINUTE, deliverer.probe)
    every(MINUTE, refresh_groups, store, client, workspace)
    every(MINUTE, run_self_check, store, workspace, session, heartbeat_url)
    every(MINUTE, delete_old_nonces, store, workspace)
    every(SWEEP, refresh_people, store, client, workspace)
    every(MINUTE, update_shared_cards, store, workspace)
    every(HOUR, refresh_channels, store, client, workspace)
    every(QUARTER, retry_cards, store, workspace)
    every(HOUR, delete_old, store, workspace)
    return scheduler
