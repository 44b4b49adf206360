"""Refresh the members of the user groups that team documents name."""

import logging
from datetime import datetime

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import GroupId, WorkspaceId
from handlers.slack.outgoing.api_outcome import is_rate_limited, shows_slack_away
from handlers.slack.plumbing.membership import note_failure
from handlers.slack.web_session import reason_of
from storage import Store, Transaction

log = logging.getLogger(__name__)

DELETED = "no_such_subteam"


async def refresh_groups(
    store: Store, client: AsyncWebClient, workspace: WorkspaceId, *, again: bool = False
) -> None:
    """Store the members of each group that was not read lately; with ``again``, of every group.

    A group that was deleted in Slack has no members. Those of a group that Slack does not list
    count until an hour has passed since they were read.
    """
    workspace_store = store.of(workspace)
    for group in await workspace_store.read(groups_to_read, again=again):
        asked_at = store.clock()
        try:
            members = await members_of(client, group)
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("user group %s: members not refreshed: %s", group, reason_of(error))
            if shows_slack_away(error):
                await workspace_store.run(note_failure)
            if shows_slack_away(error) or is_rate_limited(error):
                break
        else:
            await workspace_store.run(keep_members, group, members, asked_at)


async def members_of(client: AsyncWebClient, group: GroupId) -> list[str]:
    """Return the members of a user group.

    Raises:
        SlackApiError: Slack does not list them.
    """
    try:
        answer = await client.usergroups_users_list(usergroup=group)
    except SlackApiError as error:
        if reason_of(error) != DELETED:
            raise
        return []
    members: list[str] = answer["users"]
    return members


def groups_to_read(tx: Transaction, *, again: bool) -> list[GroupId]:
    named = {group for team in tx.teams.all() for group in team.groups}
    return sorted(named) if again else tx.groups.outdated(named, at=tx.now)


def keep_members(tx: Transaction, group: GroupId, people: list[str], asked_at: datetime) -> None:
    tx.groups.replace(group, people, asked_at=asked_at)
    tx.contacts.answered()
