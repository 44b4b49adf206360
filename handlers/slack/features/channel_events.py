"""What Slack reports about channels and the app: cards follow as soon as Baton may post again."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.people import ChannelId
from handlers.jobs.channels import note_sharing
from handlers.slack.context import workspace_of
from handlers.slack.ids import CHANNEL_CLOSED, CHANNEL_OPENED, CHANNEL_SHARED
from storage import Store, Transaction
from storage.installations import Installation

log = logging.getLogger(__name__)

REVOKED = ("app_uninstalled", "tokens_revoked")
ID_CHANGED = ("channel_id_changed",)
JOINED = "member_joined_channel"
EVENTS = (*CHANNEL_OPENED, *CHANNEL_CLOSED, *CHANNEL_SHARED, *REVOKED, *ID_CHANGED, JOINED)


def register(app: AsyncApp, store: Store, installation: Installation) -> None:
    @app.event(JOINED)
    async def joined(event: dict[str, Any], context: AsyncBoltContext) -> None:
        if event["user"] == installation.bot_user:
            await opened(event, context)

    async def opened(event: dict[str, Any], context: AsyncBoltContext) -> None:
        workspace = store.of(workspace_of(context))
        await workspace.run(update_unreachable_cards, channel_in(event))

    async def closed(event: dict[str, Any]) -> None:
        log.warning("channel %s is closed to Baton: %s", channel_in(event), event["type"])

    async def id_changed(event: dict[str, Any], context: AsyncBoltContext) -> None:
        old, new = ChannelId(event["old_channel_id"]), ChannelId(event["new_channel_id"])
        await store.of(workspace_of(context)).run(follow_channel, old, new)

    async def sharing_changed(event: dict[str, Any], context: AsyncBoltContext) -> None:
        shared = event["type"] == "channel_shared" or bool(event.get("is_ext_shared"))
        workspace = store.of(workspace_of(context))
        await workspace.run(note_sharing, channel_in(event), shared=shared)

    async def revoked(event: dict[str, Any], context: AsyncBoltContext) -> None:
        await store.of(workspace_of(context)).run(stop_sending, event["type"])

    listeners = {
        CHANNEL_OPENED: opened,
        CHANNEL_CLOSED: closed,
        ID_CHANGED: id_changed,
        CHANNEL_SHARED: sharing_changed,
        REVOKED: revoked,
    }
    for names, listener in listeners.items():
        for name in names:
            app.event(name)(listener)


def channel_in(event: Mapping[str, Any]) -> ChannelId:
    """Return the channel of an event: Slack sends an id, or an object for a renamed channel."""
    channel = event["channel"]
    return ChannelId(channel["id"] if isinstance(channel, Mapping) else channel)


def update_unreachable_cards(tx: Transaction, channel: ChannelId) -> None:
    """Post or edit the cards that the channel did not accept before."""
    for card in tx.outbox.unreachable_cards(channel):
        card.request_update(at=tx.now)


def follow_channel(tx: Transaction, old: ChannelId, new: ChannelId) -> None:
    """Follow a channel to its new id: sharing it with another company changes the id."""
    for team in tx.teams.all():
        if team.channel == old:
            team.channel = new
    tx.outbox.move(old, new)
    tx.shared_channels.move(old, new)


def stop_sending(tx: Transaction, why: str) -> None:
    """Send nothing to the workspace until Slack accepts the token again."""
    tx.outbox.send_quota().shut(why, at=tx.now)
