"""What Slack tells of where we may post: a cause that is gone is followed at once."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.people import ChannelId
from handlers.slack.context import workspace_of
from storage import Store, Transaction
from storage.installations import Installation

log = logging.getLogger(__name__)

OPENED_UP = ("channel_unarchive", "group_unarchive", "channel_rename", "group_rename")
CLOSED = ("channel_archive", "group_archive", "channel_left", "group_left")
REVOKED = ("app_uninstalled", "tokens_revoked")
IDS_CHANGED = ("channel_id_changed",)
JOINED = "member_joined_channel"
EVENTS = (*OPENED_UP, *CLOSED, *REVOKED, *IDS_CHANGED, JOINED)


def register(app: AsyncApp, store: Store, installation: Installation) -> None:
    @app.event(JOINED)
    async def joined(event: dict[str, Any], context: AsyncBoltContext) -> None:
        if event["user"] == installation.bot_user:
            await store.of(workspace_of(context)).run(update_unreachable_cards, channel_in(event))

    async def opened_up(event: dict[str, Any], context: AsyncBoltContext) -> None:
        await store.of(workspace_of(context)).run(update_unreachable_cards, channel_in(event))

    async def closed(event: dict[str, Any]) -> None:
        log.warning("channel %s is closed to us: %s", channel_in(event), event["type"])

    async def id_changed(event: dict[str, Any], context: AsyncBoltContext) -> None:
        old, new = ChannelId(event["old_channel_id"]), ChannelId(event["new_channel_id"])
        await store.of(workspace_of(context)).run(follow_channel, old, new)

    async def revoked(event: dict[str, Any], context: AsyncBoltContext) -> None:
        await store.of(workspace_of(context)).run(shut_workspace, event["type"])

    followed = {OPENED_UP: opened_up, CLOSED: closed, IDS_CHANGED: id_changed, REVOKED: revoked}
    for names, listener in followed.items():
        for name in names:
            app.event(name)(listener)


def channel_in(event: Mapping[str, Any]) -> ChannelId:
    """Slack names it by its id, or as a whole object where it was renamed."""
    named = event["channel"]
    return ChannelId(named["id"] if isinstance(named, Mapping) else named)


def update_unreachable_cards(tx: Transaction, channel: ChannelId) -> None:
    """Post and edit what could not be posted there."""
    for card in tx.outbox.unreachable_cards(channel):
        card.request_update(at=tx.now)


def follow_channel(tx: Transaction, old: ChannelId, new: ChannelId) -> None:
    """A channel that is shared, or no longer, has another id."""
    for team in tx.teams.all():
        if team.channel == old:
            team.channel = new
    tx.outbox.move(old, new)


def shut_workspace(tx: Transaction, why: str) -> None:
    tx.outbox.send_quota().shut(why, at=tx.now)
