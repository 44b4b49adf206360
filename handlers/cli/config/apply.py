"""Putting a team's document in force, where Slack knows what it refers to."""

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import ChannelId, WorkspaceId
from bot.team import TeamDocument, read_team
from bot.team.team import Revision, Team
from handlers.cli.cli_error import CliError
from handlers.jobs.groups import refresh_groups
from handlers.jobs.members import refresh_people
from storage import Store, Transaction


async def apply_team(
    store: Store, client: AsyncWebClient, workspace: WorkspaceId, source: str, *, by: str
) -> Team:
    """Apply a document, and learn from Slack what it refers to.

    Raises:
        BadDocument: it is wrong.
        Told: Slack does not know its channel, or we are not in it.
    """
    document = read_team(source)
    channel = await channel_of(client, document)
    team = await store.of(workspace).run(apply_document, source, document, channel, by=by)
    await refresh_groups(store, client, workspace)
    await refresh_people(store, client, workspace)
    return team


def apply_document(
    tx: Transaction, source: str, document: TeamDocument, channel: ChannelId, *, by: str
) -> Team:
    """Put a document in force: for the team of its name, or for a new one."""
    team = tx.teams.named(document.team.name)
    if team is None:
        team = Team.start(tx.teams.next_id(), document, channel, at=tx.now)
    else:
        team.revise(document, channel, at=tx.now)
        tx.cases.look_again(team.id, at=tx.now)
    tx.teams.keep(team, Revision(team.id, team.revision, source, tx.now, by))
    return team


async def channel_of(client: AsyncWebClient, document: TeamDocument) -> ChannelId:
    """Where the document's cards would go.

    Raises:
        Told: Slack does not know the channel, or one that a level tells, or we are not in it.
    """
    channel = await _channel_id(client, document)
    for told in (channel, *document.notified_channels):
        await _see_that_we_are_in(client, told)
    return channel


async def _channel_id(client: AsyncWebClient, document: TeamDocument) -> ChannelId:
    """The id of the document's channel, which Slack knows by its name."""
    named = document.team.channel
    if named is None:
        raise CliError('team: say where the cards go: channel = "#support", or the channel\'s id')
    if not named.startswith("#"):
        return ChannelId(named)
    try:
        found = await _id_of(client, named.removeprefix("#"))
    except SlackApiError as error:
        raise CliError(f"Slack does not list its channels ({error.response['error']}).") from None
    if found is None:
        raise CliError(
            f"Slack knows no channel {named}. Create it, and invite Baton to it: /invite @Baton"
        )
    return found


async def _id_of(client: AsyncWebClient, name: str) -> ChannelId | None:
    cursor: str | None = ""
    while cursor is not None:
        page = await client.conversations_list(
            cursor=cursor or None,
            limit=1000,
            exclude_archived=True,
            types="public_channel,private_channel",
        )
        for channel in page["channels"]:
            if channel["name"] == name:
                return ChannelId(channel["id"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
    return None


async def _see_that_we_are_in(client: AsyncWebClient, channel: ChannelId) -> None:
    """A message to a channel that we are not in would reach nobody."""
    try:
        known = await client.conversations_info(channel=channel)
    except SlackApiError as error:
        reason = error.response["error"]
        raise CliError(
            f"Slack does not show us the channel {channel} ({reason}). Is the id right? "
            "In a private channel, type: /invite @Baton"
        ) from None
    if not known["channel"]["is_member"]:
        name = known["channel"]["name"]
        raise CliError(f"Baton is not in #{name}. Type there: /invite @Baton - and apply again.")
