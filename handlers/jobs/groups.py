"""Refresh the members of the user groups that team documents name."""

import logging

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import GroupId, WorkspaceId
from handlers.slack.web_session import reason_of
from storage import Store, Transaction

log = logging.getLogger(__name__)


async def refresh_groups(store: Store, client: AsyncWebClient, workspace: WorkspaceId) -> None:
    """Store each group's members. A group that Slack does not return keeps its known members."""
    workspace_store = store.of(workspace)
    for group in sorted(await workspace_store.read(named_groups)):
        try:
            answer = await client.usergroups_users_list(usergroup=group)
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("user group %s: members not refreshed: %s", group, reason_of(error))
        else:
            await workspace_store.run(keep_members, group, answer["users"])


def named_groups(tx: Transaction) -> set[GroupId]:
    return {group for team in tx.teams.all() for group in team.groups}


def keep_members(tx: Transaction, group: GroupId, people: list[str]) -> None:
    tx.groups.replace(group, people)
