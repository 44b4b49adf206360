"""The Home tab: queued each time a person opens it."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.delivery import Delivery
from bot.people import UserId
from handlers.slack.context import workspace_of
from storage import Store, Transaction


def register(app: AsyncApp, store: Store) -> None:
    @app.event("app_home_opened")
    async def opened(event: dict[str, Any], context: AsyncBoltContext) -> None:
        if event.get("tab") == "home":
            person = UserId(event["user"])
            await store.of(workspace_of(context)).run(queue_home, person)


def queue_home(tx: Transaction, person: UserId) -> None:
    tx.outbox.queue_or_refresh(Delivery.of_home(person, at=tx.now))
