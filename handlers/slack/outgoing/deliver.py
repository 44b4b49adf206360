"""Send what the outbox owes: lease, send, settle."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import TROUBLED, Delivery, Outcome, SendResult
from bot.errors import Busy, ChangedMeanwhile
from bot.people import WorkspaceId
from handlers import metrics
from handlers.slack.outgoing.api_outcome import result_of
from handlers.slack.outgoing.compose import compose, thread_named
from handlers.slack.outgoing.find_sent import find_sent
from handlers.slack.outgoing.post import send
from handlers.slack.outgoing.settle import reopen_workspace, settle, settle_sweep
from storage import Store
from storage.sending.lease import LeasedDelivery, Sweep

log = logging.getLogger(__name__)

EVERY, BREATH = 1.0, 0.1  # seconds between two runs: at the most, and at the least
AT_ONCE = 50  # lanes in which a message is under way
LEASE = timedelta(seconds=90)  # longer than one try can last: six calls, of ten seconds each
SENT_BY = 25.0  # seconds of it, after which a sender that was held up sends nothing any more
NOT_NOW = (Busy, ChangedMeanwhile)  # the next run asks again


class Deliverer:
    """Sends in many lanes at once, one message at a time in each: those of the one workspace
    whose token its client has.

    A crash on the way leaves a message in doubt, not lost: its lane opens when the lease
    ends, and then Slack is asked for it before it is sent again.
    """

    def __init__(self, store: Store, client: AsyncWebClient, workspace: WorkspaceId) -> None:
        self._store, self._client, self._workspace = store, client, workspace
        self._under_way: set[asyncio.Task[None]] = set()
        self._woken, self._at_work = asyncio.Event(), False

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Run each second, and sooner when this process owes something or a lane has rested."""
        self._at_work, self._store.when_kept = True, self._woken.set
        runs = asyncio.create_task(self._run_again_and_again())
        try:
            yield
        finally:
            self._at_work = False
            self._woken.set()
            await runs  # to its end: what it has leased is to be sent

    async def run(self) -> None:
        """Begin whatever is due; it goes on beside the next run."""
        free = AT_ONCE - len(self._under_way)
        if free == 0:
            return
        began = time.monotonic()
        with suppress(*NOT_NOW):
            for queued in await self._store.lease(self._workspace, lasting=LEASE, limit=free):
                metrics.GATHERED.inc(queued.gathered)
                self._begin(self._deliver(queued, began))

    async def sweep(self) -> None:
        """Look for twins of what was sent twice. No lane waits for that."""
        with suppress(*NOT_NOW):
            for sweep in await self._store.sweeps(self._workspace, lasting=LEASE, limit=AT_ONCE):
                self._begin(self._sweep(sweep))

    async def probe(self) -> None:
        """Ask Slack whether it takes something from us again, where it took nothing."""
        with suppress(*NOT_NOW):
            if await self._store.probe_is_due(self._workspace) and (
                (await result_of(self._client.auth_test())).outcome is Outcome.SENT
            ):
                await self._store.of(self._workspace).run(reopen_workspace)

    async def drain(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _run_again_and_again(self) -> None:
        while self._at_work:
            self._woken.clear()
            try:
                await self.run()
            except Exception:  # the database may be back for the next run
                log.exception("nothing could be sent; the next run tries again")
            await asyncio.sleep(BREATH)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), EVERY)

    async def _deliver(self, queued: LeasedDelivery, began: float) -> None:
        answer = await self._try(queued, began)
        self._measure(queued.delivery, answer)
        _tell_operator(queued.delivery.key, answer)
        with suppress(*NOT_NOW):  # then it is in doubt until its lease ends
            ours = self._store.of(queued.workspace)
            state = await ours.run(settle, queued.delivery.key, queued.attempt, answer)
            if state in TROUBLED:
                log.error("delivery %s is %s: %s", queued.delivery.key, state, answer.reason)
            rests = answer.lane_rests.total_seconds()
            asyncio.get_running_loop().call_later(rests, self._woken.set)

    def _measure(self, queued: Delivery, answer: SendResult) -> None:
        metrics.DELIVERIES.labels(queued.kind, answer.outcome).inc()
        if answer.outcome is Outcome.SENT:
            took = self._store.clock() - queued.queued_at
            metrics.DELIVERED.labels(queued.kind).observe(took.total_seconds())

    async def _try(self, queued: LeasedDelivery, began: float) -> SendResult:
        if queued.attempt.looks:
            return await self._find_sent(queued)
        try:
            outgoing = await self._store.of(queued.workspace).read(compose, queued.delivery.key)
        except Busy:
            return SendResult(Outcome.NOT_SENT, reason="the database is busy")
        except Exception:  # one bad message must not hold up the others
            log.exception("delivery %s cannot be written", queued.delivery.key)
            return SendResult(Outcome.UNWRITTEN, reason="an error of ours")
        if isinstance(outgoing, Outcome):
            return SendResult(outgoing)
        if time.monotonic() - began > SENT_BY:
            return SendResult(Outcome.NOT_SENT, reason="held up: another may have the lane soon")
        try:
            return await send(self._client, queued.workspace, queued.delivery, outgoing)
        except Exception:  # as above, but it may have arrived
            log.exception("delivery %s failed", queued.delivery.key)
            return SendResult(Outcome.ODD, reason="an error of ours")

    async def _find_sent(self, of: LeasedDelivery | Sweep) -> SendResult:
        try:
            thread = await self._store.of(of.workspace).read(thread_named, of.delivery.key)
            return await find_sent(self._client, of.workspace, of.delivery, thread)
        except Busy:
            return SendResult(Outcome.IN_DOUBT, reason="the database is busy")
        except Exception:  # what could not be seen is not known to be absent
            log.exception("delivery %s cannot be looked for", of.delivery.key)
            return SendResult(Outcome.IN_DOUBT, reason="an error of ours")

    async def _sweep(self, sweep: Sweep) -> None:
        with suppress(*NOT_NOW):
            answer = await self._find_sent(sweep)
            _tell_operator(sweep.delivery.key, answer)
            await self._store.of(sweep.workspace).run(settle_sweep, sweep, answer)


def _tell_operator(key: str, answer: SendResult) -> None:
    if answer.outcome not in (Outcome.SENT, Outcome.DROPPED, Outcome.NOT_THEIRS, Outcome.LATER):
        log.warning("delivery %s: %s, %s", key, answer.outcome, answer.reason)
    if answer.healed:
        log.error("delivery %s had twins; %s of them deleted", key, answer.healed)
        metrics.HEALED.inc(answer.healed)
