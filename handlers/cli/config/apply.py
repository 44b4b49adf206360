"""Apply a team file, after checking its channels with Slack."""

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import ChannelId, WorkspaceId
from bot.team import TeamDocument, read_team
from bot.team.team import Revision, Team
from handlers.cli.cli_error import CliError
from handlers.i18n import _
from handlers.jobs.channels import refresh_channels
from handlers.jobs.groups import refresh_groups
from handlers.jobs.members import refresh_people
from storage import Store, Transaction


async def apply_team(
    store: Store, client: AsyncWebClient, workspace: WorkspaceId, source: str, *, by: str
) -> Team:
    """Apply a document, and load the user groups and people it names from Slack.

    Raises:
        BadDocument: the document has mistakes.
        CliError: Slack does not know one of its channels, or Baton is not a member.
    """
    document = read_team(source)
    channel = await channel_of(client, document)
    team = await store.of(workspace).run(apply_document, source, document, channel, by=by)
    await refresh_groups(store, client, workspace, again=True)
    await refresh_people(store, client, workspace)
    await refresh_channels(store, client, workspace)
    return team


def apply_document(
    tx: Transaction, source: str, document: TeamDocument, channel: ChannelId, *, by: str
) -> Team:
    """Apply a document to the team with its name, or to a new team."""
    team = tx.teams.named(document.team.name)
    if team is None:
        team = Team.start(tx.teams.next_id(), document, channel, at=tx.now)
    else:
        team.revise(document, channel, at=tx.now)
        tx.cases.schedule_checks(team.id, at=tx.now)
    tx.teams.keep(team, Revision(team.id, team.revision, source, tx.now, by))
    return team


async def channel_of(client: AsyncWebClient, document: TeamDocument) -> ChannelId:
    """Return the channel of the document's cards, after checking every channel it names.

    Raises:
        CliError: Slack does not know one of the channels, or Baton is not a member.
    """
    channel = await _channel_id(client, document)
    for needed in (channel, *document.notified_channels):
        await _require_membership(client, needed)
    return channel


async def _channel_id(client: AsyncWebClient, document: TeamDocument) -> ChannelId:
    """Return the id of the document's channel, looking it up by name if necessary."""
    channel = document.team.channel
    if channel is None:
        raise CliError(
            _('team: cards need a channel; write channel = "#support", or the id of the channel')
        )
    if not channel.startswith("#"):
        return ChannelId(channel)
    try:
        found = await _id_of(client, channel.removeprefix("#"))
    except SlackApiError as error:
        raise CliError(
            _("Could not list the channels in Slack ({error}).").format(
                error=error.response["error"]
            )
        ) from None
    if found is None:
        raise CliError(
            _("Slack has no channel {channel}. Create it, and type there: /invite @Baton").format(
                channel=channel
            )
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


async def _require_membership(client: AsyncWebClient, channel: ChannelId) -> None:
    # Slack rejects messages to a channel that the app is not a member of.
    try:
        known = await client.conversations_info(channel=channel)
    except SlackApiError as error:
        raise CliError(
            _(
                "Slack does not show the channel {channel} to Baton ({error}). Check the id. "
                "If the channel is private, type there: /invite @Baton"
            ).format(channel=channel, error=error.response["error"])
        ) from None
    if not known["channel"]["is_member"]:
        raise CliError(
            _(
                "Baton is not a member of #{channel}. Type there: /invite @Baton, then try again."
            ).format(channel=known["channel"]["name"])
        )
