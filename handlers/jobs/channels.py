"""Find out which channels are shared with another company, and redact what Baton posted there."""

import logging
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import Delivery
from bot.people import ChannelId, WorkspaceId
from handlers.slack.web_session import reason_of
from storage import Store, Transaction

log = logging.getLogger(__name__)

SHARED = ("is_ext_shared", "is_org_shared", "is_pending_ext_shared")


async def refresh_channels(store: Store, client: AsyncWebClient, workspace: WorkspaceId) -> None:
    """Ask Slack about each channel of the teams. One that it does not show stays as it is."""
    workspace_store = store.of(workspace)
    for channel in await workspace_store.read(channels_of_teams):
        try:
            answer = await client.conversations_info(channel=channel)
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("channel %s: not checked for guests: %s", channel, reason_of(error))
        else:
            await workspace_store.run(note_sharing, channel, shared=is_shared(answer["channel"]))
    await update_shared_cards(store, workspace)


async def update_shared_cards(store: Store, workspace: WorkspaceId) -> None:
    """Update the cards in channels that were shared, or no longer are, a few at a time."""
    workspace_store = store.of(workspace)
    for channel in await workspace_store.read(lambda tx: tx.shared_channels.outdated()):
        while await workspace_store.run(update_next_cards, channel):
            pass


def is_shared(conversation: Mapping[str, Any]) -> bool:
    """Return whether people of another company can read a channel, or were invited to."""
    return any(conversation.get(flag) for flag in SHARED)


def channels_of_teams(tx: Transaction) -> list[ChannelId]:
    return sorted({channel for team in tx.teams.all() for channel in team.channels})


def note_sharing(tx: Transaction, channel: ChannelId, *, shared: bool) -> None:
    """Store whether a channel is shared; if that is news, redact its cards and warn the leads."""
    teams = [team for team in tx.teams.all() if channel in team.channels]
    for team in teams:
        if team.channel == channel and team.seen_by_strangers is not shared:
            team.seen_by_strangers = shared  # from now on, its readers get by DM what is left out
    if not teams or not tx.shared_channels.note(channel, shared=shared):
        return
    log.warning("channel %s: %s", channel, "shared" if shared else "no longer shared")
    update_next_cards(tx, channel)
    if shared:
        for lead in sorted({lead for team in teams for lead in team.answerable}):
            tx.outbox.add_once(Delivery.of_shared(channel, lead, at=tx.now))


def update_next_cards(tx: Transaction, channel: ChannelId) -> bool:
    """Queue edits of some cards in the channel. Return whether there may be more."""
    cards = tx.shared_channels.next_cards(channel)
    for card, is_open in cards:
        card.request_update(at=tx.now, background=not is_open)
    return bool(cards)
