"""Verify the signed values of each request before any listener sees them."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.errors import BotError, NoSuchCase
from bot.messages import N_
from bot.people import CaseId
from handlers import metrics
from handlers.slack.context import workspace_of
from handlers.slack.plumbing.signed_values import Forged, OutOfDate, SigningClient, ValueSigner
from handlers.slack.views.blocks import case_named
from storage import Store, Transaction


class CardRefreshed(BotError):
    message = N_("This card was out of date; I've refreshed it.")


def register(app: AsyncApp, store: Store, client: SigningClient, signer: ValueSigner) -> None:
    @app.use
    async def verify_signed_values(
        body: dict[str, Any], context: AsyncBoltContext, next: Callable[[], Awaitable[None]]
    ) -> None:
        context["client"] = client  # the one that signs what a listener sends
        try:
            signer.verify_all(body)
        except Forged:
            metrics.FORGED.inc()
            raise
        except OutOfDate as error:
            if await store.of(workspace_of(context)).run(refresh_card, error.value):
                raise CardRefreshed from error
            raise
        await next()


def refresh_card(tx: Transaction, value: str) -> bool:
    """Update the card that a value refers to. Return False if there is no such case."""
    try:
        show_as_it_is(tx, case_named(value.rpartition("/")[2]))
    except NoSuchCase:
        return False
    return True


def show_as_it_is(tx: Transaction, case_id: CaseId) -> None:
    """Queue an edit of a case's card, even if nothing changed."""
    tx.cases.get(case_id).card.request_update(at=tx.now)
