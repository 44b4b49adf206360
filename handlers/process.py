"""A Baton process: what it starts, what it runs and how it shuts down."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Flag, auto

from aiohttp import ClientError, ClientSession, ClientTimeout
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from starlette.applications import Starlette

from bot.people import WorkspaceId
from bot.processes import ProcessPart
from bot.settings import Settings
from handlers.http.clock_skew import trace_clock_skew
from handlers.http.health import Health, make_web
from handlers.http.monitoring import Monitoring
from handlers.http.server import Server, start
from handlers.http.slack_endpoint import SlackEndpoint
from handlers.jobs.channels import refresh_channels
from handlers.jobs.clock import ClockWatch
from handlers.jobs.digests import make_due_digests
from handlers.jobs.groups import refresh_groups
from handlers.jobs.heartbeat import Heartbeat
from handlers.jobs.members import refresh_people
from handlers.jobs.schedule import keeping_time, make_schedule
from handlers.jobs.tick import tick_due_cases
from handlers.slack.app import make_app
from handlers.slack.outgoing.deliver import Deliverer
from handlers.slack.outgoing.find_newer import hold_if_restored
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.membership import PeopleRefresher
from handlers.slack.plumbing.signed_values import SigningClient, ValueSigner
from handlers.slack.plumbing.socket_mode import Sockets
from handlers.slack.web_session import answer_of, reason_of, web_session
from storage import Store, Transaction, WorkspaceStore, connect
from storage.database.key_file import open_keys
from storage.installations import Installation

log = logging.getLogger(__name__)

SLACK_ANSWERS_WITHIN = ClientTimeout(total=10)
DRAIN_OUTBOX_SECONDS, DRAIN_REPLIES_SECONDS = 12, 2
"""Time limits at shutdown. With the 4 seconds for HTTP requests they stay below 20."""

TRY_AGAIN_SECONDS = 5
TEMPORARY_ERRORS = {
    "fatal_error",
    "internal_error",
    "rate_limited",
    "ratelimited",
    "request_timeout",
    "service_unavailable",
}
"""Errors on Slack's side, which say nothing about our token."""


class Part(Flag):
    """What a process does. On PostgreSQL, any number of processes can share each part."""

    WEB = auto()  # receives requests from Slack
    WORKER = auto()  # runs scheduled jobs and sends messages
    ALL = WEB | WORKER

    @property
    def names(self) -> tuple[ProcessPart, ...]:
        return tuple(it for it in ProcessPart if Part[it.name] in self)


@dataclass(frozen=True)
class Baton:
    """A running process. ``url`` is where it serves HTTP."""

    store: Store
    client: AsyncWebClient
    app: AsyncApp
    deliverer: Deliverer
    clock_watch: ClockWatch
    installation: Installation
    ephemeral: EphemeralReplies
    refresher: PeopleRefresher
    signer: ValueSigner
    heartbeat: Heartbeat
    url: str

    async def catch_up(self) -> None:
        """Run everything that is due now and wait until it is done, without the scheduler."""
        await self.clock_watch.check()
        await tick_due_cases(self.store)
        await make_due_digests(self.store)
        await self.deliverer.probe()
        await self.deliverer.run()
        await self.deliverer.sweep()
        await self.deliverer.drain()
        await self.ephemeral.drain()
        await self.refresher.drain()
        await refresh_groups(self.store, self.client, self.installation.workspace)
        await refresh_people(self.store, self.client, self.installation.workspace)


@asynccontextmanager
async def running(
    settings: Settings,
    parts: Part = Part.ALL,
    clock: Callable[[], datetime] | None = None,
    *,
    ticking: bool = True,
) -> AsyncIterator[Baton]:
    """Run until the block ends, then finish open requests and messages within 20 seconds.

    With ``ticking`` off, nothing is scheduled: the caller advances the clock and calls
    ``Baton.catch_up``.

    Raises:
        SlackApiError: Slack refuses the bot token.
        BadSettings: Slack refuses the app token, or the root keys cannot be read.
        OSError: the port is taken.
    """
    async with AsyncExitStack() as stack:
        store = stack.enter_context(connect(settings.database_url, clock, open_keys(settings)))
        health, monitoring = Health(), Monitoring(store, settings.metrics_secret)
        servers = await _listen(stack, settings, parts, health, monitoring)
        session = await stack.enter_async_context(
            web_session(SLACK_ANSWERS_WITHIN, trace_clock_skew())
        )
        client = make_client(settings, session)
        installation = await introduce(client, store)
        await take_up_keys(store.of(installation.workspace))
        key = await store.of(installation.workspace).read(lambda tx: tx.installation.key())
        heartbeat = Heartbeat(store, installation.workspace, parts.names)
        monitoring.workspace = installation.workspace
        if ticking:
            await stack.enter_async_context(heartbeat.at_work())
        client.signer = signer = ValueSigner(key, store.clock)
        ephemeral = EphemeralReplies(session, client)
        stack.push_async_callback(_within, DRAIN_REPLIES_SECONDS, ephemeral.drain)
        refresher = PeopleRefresher(store, client)
        stack.push_async_callback(_within, DRAIN_REPLIES_SECONDS, refresher.drain)
        app = make_app(store, client, installation, ephemeral, signer, settings.quota, refresher)
        deliverer = Deliverer(store, client, installation.workspace)
        stack.push_async_callback(_within, DRAIN_OUTBOX_SECONDS, deliverer.drain)
        clock_watch = ClockWatch(store, installation.workspace)
        await hold_if_restored(store, client, installation)
        if Part.WORKER in parts and ticking:
            schedule = make_schedule(
                store,
                client,
                deliverer,
                clock_watch,
                installation.workspace,
                session,
                settings.heartbeat_url,
            )
            await _catch_up_with_slack(store, client, installation.workspace, clock_watch)
            await stack.enter_async_context(keeping_time(schedule))
            await stack.enter_async_context(deliverer.at_work())
        if _hears_http(settings, parts):
            health.endpoint = SlackEndpoint(
                store, app, installation.workspace, settings.signing_secrets
            )
        # Stopped before the rest: open requests still queue messages and replies.
        stack.push_async_callback(_stop, servers)
        token = settings.slack_app_token if Part.WEB in parts else None
        if token is not None:
            sockets = Sockets(app, token.get_secret_value(), client)
            stack.push_async_callback(sockets.close)
            await sockets.open()
        health.heartbeat, url = heartbeat, servers[0].url
        yield Baton(
            store,
            client,
            app,
            deliverer,
            clock_watch,
            installation,
            ephemeral,
            refresher,
            signer,
            heartbeat,
            url,
        )


async def _catch_up_with_slack(
    store: Store, client: AsyncWebClient, workspace: WorkspaceId, clock_watch: ClockWatch
) -> None:
    """Read what may have changed in Slack while no worker was running."""
    # First: a stored time in the future would pass for a newer answer of Slack's.
    await clock_watch.check()
    await refresh_groups(store, client, workspace, again=True)
    await refresh_people(store, client, workspace, again=True)
    await refresh_channels(store, client, workspace)


async def _listen(
    stack: AsyncExitStack, settings: Settings, parts: Part, health: Health, monitoring: Monitoring
) -> list[Server]:
    """Start the HTTP servers, which end with the stack: the process's port comes first.

    Raises:
        OSError: a port is taken.
    """
    hears_slack = _hears_http(settings, parts)
    shared = monitoring.routes() if settings.metrics_bind is None else []
    webs = [(make_web(health, shared, hears_slack=hears_slack), settings.host, settings.port)]
    if settings.metrics_bind is not None:
        webs.append((Starlette(routes=monitoring.routes()), *settings.metrics_bind))
    servers = []
    for web, host, port in webs:
        servers.append(await start(web, port, host))
        stack.push_async_callback(servers[-1].stop)
    return servers


def _hears_http(settings: Settings, parts: Part) -> bool:
    return Part.WEB in parts and settings.slack_app_token is None


async def _stop(servers: Sequence[Server]) -> None:
    await asyncio.gather(*(server.stop() for server in servers))


def make_client(settings: Settings, session: ClientSession) -> SigningClient:
    """Return the Slack client that the whole process shares."""
    # No retries in the client: the outbox decides whether a lost call is repeated.
    token = settings.slack_bot_token
    return SigningClient(
        token=token.get_secret_value() if token else None,
        base_url=settings.slack_api_url,
        session=session,
        retry_handlers=[],
    )


async def introduce(client: AsyncWebClient, store: Store) -> Installation:
    """Ask Slack for our workspace and bot user, store both and return them.

    Retries until Slack answers.

    Raises:
        SlackApiError: Slack refuses the token.
    """
    answer = await _identity(client)
    while answer is None:
        await asyncio.sleep(TRY_AGAIN_SECONDS)
        answer = await _identity(client)
    installation = Installation(
        workspace=WorkspaceId(answer["team_id"]),
        name=answer["team"],
        url=answer["url"],
        bot_id=answer["bot_id"],
        bot_user=answer["user_id"],
    )
    await store.of(installation.workspace).run(lambda tx: tx.installation.keep(installation))
    return installation


async def take_up_keys(workspace: WorkspaceStore) -> None:
    """Seal the audit trail with the newest root key from now on, and report missing keys."""
    missing = await workspace.run(use_newest_key)
    if missing:
        log.warning("the audit trail was sealed with keys that this process lacks: %s", missing)


def use_newest_key(tx: Transaction) -> list[str]:
    missing = tx.audit.missing_keys()
    tx.audit.use_newest_key()
    return missing


async def _identity(client: AsyncWebClient) -> AsyncSlackResponse | None:
    """Return Slack's answer to auth.test, or None if Slack cannot answer now."""
    try:
        return await client.auth_test()
    except (ClientError, TimeoutError) as error:
        log.warning("Slack is unreachable, retrying: %s", reason_of(error))
    except SlackApiError as error:
        if not _is_temporary(error):
            raise
        log.warning("Slack has a temporary error, retrying: %s", reason_of(error))
    return None


def _is_temporary(error: SlackApiError) -> bool:
    """Whether the error is Slack's own, rather than about our token."""
    answer = answer_of(error)
    if answer is None or error.response.status_code != 200:
        return True
    return answer.get("error") in TEMPORARY_ERRORS


async def _within(seconds: float, drain: Callable[[], Awaitable[None]]) -> None:
    try:
        async with asyncio.timeout(seconds):
            await drain()
    except TimeoutError:
        log.warning("shutdown timed out; unfinished deliveries are checked after the next start")
