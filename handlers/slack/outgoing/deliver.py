"""Send what is in the outbox: lease, send, settle."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import OperationalError

from bot.delivery import TROUBLED, Delivery, DeliveryKind, Outcome, SendResult, State
from bot.errors import Busy, CannotSave, ChangedMeanwhile
from bot.people import WorkspaceId
from handlers import metrics
from handlers.slack.outgoing.api_outcome import result_of
from handlers.slack.outgoing.compose import (
    Outgoing,
    compose,
    compose_replies,
    digest_rows,
    store_digest_rows,
    thread_named,
)
from handlers.slack.outgoing.find_sent import find_sent
from handlers.slack.outgoing.post import send
from handlers.slack.outgoing.replies import replies_in, threads_of
from handlers.slack.outgoing.settle import reopen_workspace, settle, settle_sweep
from handlers.slack.web_session import reason_of
from storage import Store
from storage.sending.lease import LeasedDelivery, Sweep

log = logging.getLogger(__name__)

MAX_PAUSE, MIN_PAUSE = 1.0, 0.1  # seconds between two runs
AT_ONCE = 50  # lanes with a message under way
LEASE = timedelta(seconds=90)  # longer than any try: six calls of ten seconds at most
SENT_BY = 25.0  # seconds into its lease after which a delayed sender sends nothing
EXPECTED = (Outcome.SENT, Outcome.DROPPED, Outcome.NOT_ALLOWED, Outcome.CARD_FIRST)
"""Outcomes that need no line in the log."""
NOT_NOW = (Busy, ChangedMeanwhile)  # the next run tries again
DATABASE_AWAY = (*NOT_NOW, CannotSave, OperationalError)
STORE_AGAIN = 0.5  # seconds


class Deliverer:
    """Sends the messages of one workspace, in many lanes at once and one at a time in each.

    A crash leaves a message in doubt, not lost: its lane opens when the lease ends, and the
    next sender searches Slack for it before it sends again.
    """

    def __init__(self, store: Store, client: AsyncWebClient, workspace: WorkspaceId) -> None:
        self._store, self._client, self._workspace = store, client, workspace
        self._under_way: set[asyncio.Task[None]] = set()
        self._woken, self._at_work = asyncio.Event(), False

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Send in the background: each second, and at once when a message is queued."""
        self._at_work, self._store.on_commit = True, self._woken.set
        runs = asyncio.create_task(self._run_forever())
        try:
            yield
        finally:
            self._at_work = False
            self._woken.set()
            await runs  # to the end: what it has leased must be sent

    async def run(self) -> None:
        """Lease what is due and start sending it; the next run does not wait for it."""
        free = AT_ONCE - len(self._under_way)
        if free == 0:
            return
        started = time.monotonic()
        with suppress(*NOT_NOW):
            for leased in await self._store.lease(self._workspace, lasting=LEASE, limit=free):
                metrics.GATHERED.inc(leased.gathered)
                self._start(self._deliver(leased, started))

    async def sweep(self) -> None:
        """Search for duplicates of what was sent twice. No lane waits for that."""
        with suppress(*NOT_NOW):
            for sweep in await self._store.sweeps(self._workspace, lasting=LEASE, limit=AT_ONCE):
                self._start(self._sweep(sweep))

    async def probe(self) -> None:
        """Check whether Slack accepts the token again after it refused it."""
        with suppress(*NOT_NOW):
            if await self._store.probe_is_due(self._workspace) and (
                (await result_of(self._client.auth_test())).outcome is Outcome.SENT
            ):
                await self._store.of(self._workspace).run(reopen_workspace)

    async def drain(self) -> None:
        """Wait for the messages under way."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _run_forever(self) -> None:
        while self._at_work:
            self._woken.clear()
            try:
                await self.run()
            except Exception:  # one failed run must not end the loop
                log.exception("sending failed; the next run tries again")
            await asyncio.sleep(MIN_PAUSE)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), MAX_PAUSE)

    async def _deliver(self, leased: LeasedDelivery, started: float) -> None:
        answer = await self._try(leased, started)
        self._measure(leased.delivery, answer)
        _log_outcome(leased.delivery.key, answer)
        state = await self._settle(leased, answer, started)
        if state in TROUBLED:
            log.error("delivery %s is %s: %s", leased.delivery.key, state, answer.reason)
        rests = answer.lane_pause.total_seconds()
        asyncio.get_running_loop().call_later(rests, self._woken.set)

    async def _settle(
        self, leased: LeasedDelivery, answer: SendResult, started: float
    ) -> State | None:
        """Store Slack's answer, and try again while the database is away and the lease lasts.

        Without it the lane would wait for the end of the lease, and then search for a message
        that we know was sent.
        """
        ours, key = self._store.of(leased.workspace), leased.delivery.key
        while time.monotonic() - started < LEASE.total_seconds():
            try:
                return await ours.run(settle, key, leased.attempt, answer)
            except DATABASE_AWAY as error:
                log.warning("delivery %s: cannot store its result yet: %s", key, reason_of(error))
            await asyncio.sleep(STORE_AGAIN)
        return None  # the message is in doubt

    def _measure(self, leased: Delivery, answer: SendResult) -> None:
        metrics.DELIVERIES.labels(leased.kind, answer.outcome).inc()
        if answer.outcome is Outcome.SENT:
            took = self._store.clock() - leased.queued_at
            metrics.DELIVERED.labels(leased.kind).observe(took.total_seconds())

    async def _try(self, leased: LeasedDelivery, started: float) -> SendResult:
        if leased.attempt.looks:
            return await self._find_sent(leased)
        try:
            outgoing = await self._compose(leased)
        except DATABASE_AWAY:
            return SendResult(Outcome.NOT_SENT, reason="the database does not answer")
        except Exception:  # one bad message must not stop the others
            log.exception("delivery %s cannot be written", leased.delivery.key)
            return SendResult(Outcome.NOT_COMPOSED, reason="an error in Baton")
        if isinstance(outgoing, Outcome):
            return SendResult(outgoing)
        if time.monotonic() - started > SENT_BY:
            return SendResult(Outcome.NOT_SENT, reason="delayed: the lease ends soon")
        try:
            return await send(
                self._client, leased.workspace, leased.delivery, outgoing, leased.stamp
            )
        except Exception:  # it may have arrived
            log.exception("delivery %s failed", leased.delivery.key)
            return SendResult(Outcome.UNKNOWN_ANSWER, reason="an error in Baton")

    async def _compose(self, leased: LeasedDelivery) -> Outgoing | Outcome:
        store, key = self._store.of(leased.workspace), leased.delivery.key
        if leased.delivery.kind is DeliveryKind.REPLIES:
            threads, bot = await store.read(threads_of, key)
            replies = await replies_in(self._client, threads, bot=bot)
            return await store.read(compose_replies, key, replies)
        is_digest = leased.delivery.kind is DeliveryKind.DIGEST
        if is_digest and (listed := await store.read(digest_rows, key)) is not None:
            # Stored before it is sent, so that a case restricted later is hidden there too.
            await store.run(store_digest_rows, key, *listed)
        return await store.read(compose, key)

    async def _find_sent(self, of: LeasedDelivery | Sweep) -> SendResult:
        try:
            thread = await self._store.of(of.workspace).read(thread_named, of.delivery.key)
            return await find_sent(self._client, of.workspace, of.delivery, thread)
        except DATABASE_AWAY:
            return SendResult(Outcome.IN_DOUBT, reason="the database does not answer")
        except Exception:  # it would fail again: like a channel that Baton may not read
            log.exception("delivery %s cannot be looked for", of.delivery.key)
            return SendResult(Outcome.CANNOT_SEARCH, reason="an error in Baton")

    async def _sweep(self, sweep: Sweep) -> None:
        with suppress(*NOT_NOW):
            answer = await self._find_sent(sweep)
            _log_outcome(sweep.delivery.key, answer)
            await self._store.of(sweep.workspace).run(settle_sweep, sweep, answer)


def _log_outcome(key: str, answer: SendResult) -> None:
    if answer.outcome not in EXPECTED:
        log.warning("delivery %s: %s, %s", key, answer.outcome, answer.reason)
    if answer.duplicates_deleted:
        log.error("delivery %s had duplicates; %s deleted", key, answer.duplicates_deleted)
        metrics.DUPLICATES_DELETED.inc(answer.duplicates_deleted)
