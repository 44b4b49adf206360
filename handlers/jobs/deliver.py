"""Send what the outbox owes: lease, send, settle."""

import asyncio
import logging
import time
from contextlib import suppress
from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import Answer, Outcome, Try
from bot.errors import Busy, ChangedMeanwhile
from handlers import metrics
from handlers.slack.letters import write_letter
from handlers.slack.post import send
from storage import Store, Transaction
from storage.due import Owed

log = logging.getLogger(__name__)

AT_ONCE = 50  # lanes in which a message is under way
LEASE = timedelta(seconds=90)  # longer than one try can last: four calls, of ten seconds each
SENT_BY = 40.0  # seconds of it, after which a sender that was held up sends nothing any more


class Deliverer:
    """Sends in many lanes at once, one message at a time in each.

    A crash on the way leaves a message in doubt, not lost: its lane opens when the lease
    ends, and then Slack is asked for it before it is sent again.
    """

    def __init__(self, store: Store, client: AsyncWebClient) -> None:
        self._store, self._client = store, client
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Begin whatever is due; it goes on beside the next run."""
        free = AT_ONCE - len(self._under_way)
        if free == 0:
            return
        began = time.monotonic()
        try:
            leased = await self._store.lease(lasting=LEASE, limit=free)
        except (Busy, ChangedMeanwhile):
            return  # the next run asks again
        for owed in leased:
            task = asyncio.create_task(self._deliver(owed, began))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def drain(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _deliver(self, owed: Owed, began: float) -> None:
        answer = await self._try(owed, began)
        metrics.DELIVERIES.labels(owed.delivery.kind, answer.outcome).inc()
        if answer.outcome is Outcome.REFUSED:
            log.error("delivery %s was refused: %s", owed.delivery.key, answer.reason)
        elif answer.outcome in (Outcome.NOT_SENT, Outcome.IN_DOUBT, Outcome.BROKEN):
            log.warning("delivery %s: %s, %s", owed.delivery.key, answer.outcome, answer.reason)
        with suppress(Busy, ChangedMeanwhile):  # then it is in doubt until its lease ends
            ours = self._store.of(owed.workspace)
            await ours.run(settle, owed.delivery.key, owed.attempt, answer)

    async def _try(self, owed: Owed, began: float) -> Answer:
        not_now = Outcome.IN_DOUBT if owed.attempt.in_doubt else Outcome.NOT_SENT
        try:
            ours = self._store.of(owed.workspace)
            letter = await ours.read(write_letter, owed.delivery.key)
            if letter is None:
                return Answer(Outcome.DROPPED)
            if time.monotonic() - began > SENT_BY:
                return Answer(not_now, reason="held up: another sender may have the lane soon")
            return await send(self._client, owed.workspace, owed.delivery, owed.attempt, letter)
        except Busy:
            return Answer(not_now, reason="the database is busy")
        except Exception:  # one bad message must not hold up the others
            log.exception("delivery %s failed", owed.delivery.key)
            return Answer(Outcome.BROKEN, reason="an error of ours")


def settle(tx: Transaction, key: str, attempt: Try, answer: Answer) -> None:
    delivery = tx.outbox.get(key)
    if delivery.settle(attempt, answer, at=tx.now):
        tx.outbox.free_lane(delivery, at=tx.now + answer.lane_rests)
