"""Ask Slack about the people in the teams' channels, before any of them asks us for something."""

import logging
from collections.abc import AsyncIterator
from random import sample

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import ChannelId, UserId, WorkspaceId
from handlers.slack.outgoing.api_outcome import is_rate_limited
from handlers.slack.plumbing.membership import learn
from storage import Store, Transaction

log = logging.getLogger(__name__)

AT_ONCE = 50
"""People of whom Slack is asked in a run: it answers a hundred such calls a minute."""


async def refresh_people(store: Store, client: AsyncWebClient, workspace: WorkspaceId) -> None:
    """Whoever is not asked for in this run is in a later one: each takes another order, for
    Slack answers only so many such calls a minute.
    """
    ours = store.of(workspace)
    named, channels = await ours.read(named_people)
    for channel in sample(channels, len(channels)):
        try:
            named |= {UserId(user) async for user in _members(client, channel)}
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("channel %s: Slack does not say who is in it: %s", channel, error)
            if is_rate_limited(error):
                break
    for user in (await ours.read(unknown_among, named))[:AT_ONCE]:
        try:
            await learn(store, client, workspace, user)
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("Slack does not say who %s is: %s", user, error)
            if is_rate_limited(error):
                break


def named_people(tx: Transaction) -> tuple[set[UserId], list[ChannelId]]:
    """Whom the teams' documents name, and the channels whose members may ask for something."""
    teams = tx.teams.all()
    return {user for team in teams for user in team.people}, [team.channel for team in teams]


def unknown_among(tx: Transaction, users: set[UserId]) -> list[UserId]:
    return tx.people.to_ask_for(users)


async def _members(client: AsyncWebClient, channel: ChannelId) -> AsyncIterator[str]:
    cursor: str | None = ""
    while cursor is not None:
        page = await client.conversations_members(
            channel=channel, cursor=cursor or None, limit=1000
        )
        for user in page["members"]:
            yield user
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
