"""Typical bugs of messaging systems, each injected by patching one function of Baton.

They prove that the checker finds what it is meant to find. Each takes ``monkeypatch.setattr`` or
a function like it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.case import Case
from bot.case.permissions import Step
from bot.delivery import Delivery, Outcome, SendQuota, SendResult, State, Try
from bot.people import Person
from handlers.slack.outgoing import deliver
from storage.requests.seen import Inbox
from storage.sending.outbox import Outbox
from storage.sending.redactions import Redactions
from storage.store import WorkspaceStore
from storage.stored_times import StoredTimes

Patch = Callable[[object, str, Any], None]
Bug = Callable[[Patch], None]


def ack_before_commit(patch: Patch) -> None:
    run, kept = WorkspaceStore.run, set[asyncio.Task[Any]]()

    async def later(*args: Any, **kwargs: Any) -> None:
        await asyncio.sleep(0.02)
        await run(*args, **kwargs)

    async def begin(self: WorkspaceStore, work: Any, *args: Any, **kwargs: Any) -> Any:
        if work.__name__ != "open_case":
            return await run(self, work, *args, **kwargs)
        task = asyncio.create_task(later(self, work, *args, **kwargs))
        kept.add(task)
        return None

    patch(WorkspaceStore, "run", begin)


def no_inbox(patch: Patch) -> None:
    """Handle duplicate requests again, although their keys are stored."""
    mark_handled = Inbox.mark_handled

    def remember(self: Inbox, *keys: str) -> bool:
        mark_handled(self, *keys)
        return False

    patch(Inbox, "mark_handled", remember)


def blind_retry(patch: Patch) -> None:
    """Treat a lost response as not sent, and post again."""
    settled_as(patch, {Outcome.IN_DOUBT: Outcome.NOT_SENT})


def blind_after_errors(patch: Patch) -> None:
    """Treat a search that failed as a channel that may not be read."""
    settle = Delivery.settle

    def give_up(self: Delivery, attempt: Try, answer: SendResult, *, at: datetime) -> bool:
        if attempt.looks and answer.outcome is Outcome.IN_DOUBT:
            answer = replace(answer, outcome=Outcome.CANNOT_SEARCH)
        return settle(self, attempt, answer, at=at)

    patch(Delivery, "settle", give_up)


def trusted_times(patch: Patch) -> None:
    """Wait for stored times for as long as the clock was ahead."""
    patch(StoredTimes, "bound", lambda *_args, **_kwargs: None)


def no_redaction(patch: Patch) -> None:
    """Leave what was posted about a case as it is when the case is restricted."""
    patch(Redactions, "update", lambda *_args, **_kwargs: None)


def trusted_backup(patch: Patch) -> None:
    """Send from a restored database although Slack has messages that it does not know."""
    patch(SendQuota, "is_older_than", lambda *_args: False)


def no_look_after_doubt(patch: Patch) -> None:
    async def sees_nothing(*_args: Any, **_kwargs: Any) -> dict[str, Any]:
        return {"ok": True, "messages": []}

    patch(AsyncWebClient, "conversations_history", sees_nothing)
    patch(AsyncWebClient, "conversations_replies", sees_nothing)


def no_fence(patch: Patch) -> None:
    """Accept the result of an outdated try, with the state that its worker had loaded."""
    settle = Delivery.settle

    def believe(self: Delivery, attempt: Try, answer: SendResult, *, at: datetime) -> bool:
        self.state = State.SENDING
        if attempt.number != self.tries:
            self.ts = None
        return settle(self, replace(attempt, number=self.tries), answer, at=at)

    patch(Delivery, "settle", believe)


def send_then_mark(patch: Patch) -> None:
    """Send before the try is recorded."""
    begun_as(patch, State.QUEUED)


def mark_then_send(patch: Patch) -> None:
    """Record a message as sent before it is sent."""
    begun_as(patch, State.SENT)


def no_retry(patch: Patch) -> None:
    settled_as(patch, {Outcome.NOT_SENT: Outcome.DROPPED})


def short_lease(patch: Patch) -> None:
    """Let another worker take over while the first is still sending."""
    patch(deliver, "LEASE", timedelta(seconds=1))


def lost_wake(patch: Patch) -> None:
    """Do not reopen a lane after a message that was not sent."""
    free = Outbox.free_lane

    def forget(self: Outbox, lane: Any, *, at: datetime) -> None:
        free(self, lane, at=at + timedelta(days=100))

    patch(Outbox, "free_lane", forget)


def no_unique_owner(patch: Patch) -> None:
    """Let a second person claim a case that has an owner."""

    permit = Case._permit

    def forget_the_owner(self: Case, step: Step, person: Person) -> None:
        permit(self, step, person)
        if step is Step.CLAIM:
            self.owner = None

    patch(Case, "_permit", forget_the_owner)


BUGS: dict[str, Bug] = {
    it.__name__: it
    for it in (
        ack_before_commit, no_inbox, blind_retry, blind_after_errors, no_look_after_doubt,
        no_fence, send_then_mark, mark_then_send, no_retry, short_lease, lost_wake, trusted_times,
        no_redaction, trusted_backup, no_unique_owner,
    )
}  # fmt: skip


def settled_as(patch: Patch, instead: dict[Outcome, Outcome]) -> None:
    settle = Delivery.settle

    def other(self: Delivery, attempt: Try, answer: SendResult, *, at: datetime) -> bool:
        outcome = instead.get(answer.outcome, answer.outcome)
        return settle(self, attempt, replace(answer, outcome=outcome), at=at)

    patch(Delivery, "settle", other)


def begun_as(patch: Patch, state: State) -> None:
    begin, settle = Delivery.begin, Delivery.settle

    def begin_as(self: Delivery, *, at: datetime, extra_quiesce: timedelta) -> Try:
        attempt = begin(self, at=at, extra_quiesce=extra_quiesce)
        self.state = state
        if state is State.SENT:
            self.due_at = None
        return attempt

    def settle_all_the_same(
        self: Delivery, attempt: Try, answer: SendResult, *, at: datetime
    ) -> bool:
        self.state = State.SENDING
        return settle(self, attempt, answer, at=at)

    patch(Delivery, "begin", begin_as)
    patch(Delivery, "settle", settle_all_the_same)
