"""Look up the people in the teams' channels before they use Baton."""

import logging
from collections.abc import AsyncIterator
from random import sample

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import ChannelId, UserId, WorkspaceId
from handlers.slack.outgoing.api_outcome import is_rate_limited
from handlers.slack.plumbing.membership import learn
from handlers.slack.web_session import reason_of
from storage import Store, Transaction

log = logging.getLogger(__name__)

AT_ONCE = 50
"""Lookups per run. Slack allows about a hundred ``users.info`` calls a minute (tier 4)."""


async def refresh_people(store: Store, client: AsyncWebClient, workspace: WorkspaceId) -> None:
    """Look up the people that are unknown or were not checked recently.

    A rate limit ends the run. The channels come in random order, so that every one is reached in
    a later run.
    """
    workspace_store = store.of(workspace)
    named, channels = await workspace_store.read(people_and_channels)
    for channel in sample(channels, len(channels)):
        try:
            named |= {UserId(user) async for user in _members(client, channel)}
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("channel %s: members not listed: %s", channel, reason_of(error))
            if is_rate_limited(error):
                break
    for user in (await workspace_store.read(people_to_look_up, named))[:AT_ONCE]:
        try:
            await learn(store, client, workspace, user)
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("person %s: not looked up: %s", user, reason_of(error))
            if is_rate_limited(error):
                break


def people_and_channels(tx: Transaction) -> tuple[set[UserId], list[ChannelId]]:
    """Return the people that team documents name, and the teams' channels."""
    teams = tx.teams.all()
    return {user for team in teams for user in team.people}, [team.channel for team in teams]


def people_to_look_up(tx: Transaction, users: set[UserId]) -> list[UserId]:
    return tx.people.outdated(users)


async def _members(client: AsyncWebClient, channel: ChannelId) -> AsyncIterator[str]:
    # 1,000 is Slack's maximum; on the last page the cursor is empty or missing.
    cursor: str | None = ""
    while cursor is not None:
        page = await client.conversations_members(
            channel=channel, cursor=cursor or None, limit=1000
        )
        for user in page["members"]:
            yield user
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
