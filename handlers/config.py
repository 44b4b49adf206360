"""baton config: check, apply and show a team's document."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import ChannelId, WorkspaceId
from bot.settings import BadSettings, Settings
from bot.team import BadDocument, TeamDocument, read_team
from bot.team.pending import not_acted_on
from bot.teams import Revision, Team
from handlers.jobs.groups import refresh_groups
from handlers.process import SLACK_ANSWERS_WITHIN, introduce, make_client
from storage import Store, Transaction, connect
from storage.migrate import migrate

TOML = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


class Told(click.ClickException):
    """What an operator can mend."""

    exit_code = 2


@click.group()
def config() -> None:
    """A team's document: check it, put it in force, show it."""


@config.command()
@TOML
def check(file: Path) -> None:
    """Say whether FILE could be put in force, and what is wrong if not."""
    _, document = _read(file)
    click.echo(f"{file}: good. It describes {document.team.name}.")


@config.command()
@TOML
def apply(file: Path) -> None:
    """Put FILE in force, as a new revision. The running clocks of open cases follow it."""
    source, _ = _read(file)
    team = asyncio.run(_apply(source))
    click.echo(f"{team.name}: revision {team.revision} is in force, in channel {team.channel}.")


@config.command()
@click.argument("name", required=False)
def show(name: str | None) -> None:
    """Print the document in force of the team NAME, or of the only one."""
    click.echo(asyncio.run(_show(name)))


def _read(file: Path) -> tuple[str, TeamDocument]:
    try:
        source = file.read_text(encoding="utf-8")
        document = read_team(source)
    except UnicodeDecodeError:
        raise Told(f"{file} is not UTF-8 text; save it as that.") from None
    except BadDocument as error:
        raise Told("\n".join(f"{file}: {mistake}" for mistake in error.mistakes)) from None
    for sentence in not_acted_on(document):
        click.echo(f"{file}: note: {sentence}", err=True)
    return source, document


async def put_in_force(
    store: Store, client: AsyncWebClient, workspace: WorkspaceId, source: str, *, by: str
) -> Team:
    """Apply a document, and learn from Slack what it refers to.

    Raises:
        BadDocument: it is wrong.
        Told: Slack does not know its channel, or we are not in it.
    """
    document = read_team(source)
    channel = await _channel_id(client, document)
    await _see_that_we_are_in(client, channel)
    team = await store.of(workspace).run(apply_document, source, document, channel, by=by)
    await refresh_groups(store, client, workspace)
    return team


async def _apply(source: str) -> Team:
    async with _slack() as (store, client, workspace):
        return await put_in_force(store, client, workspace, source, by="the command line")


async def _show(name: str | None) -> str:
    async with _slack() as (store, _, workspace):
        return await store.of(workspace).read(document_of, name)


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


def document_of(tx: Transaction, name: str | None) -> str:
    teams = tx.teams.all()
    found = [team for team in teams if name in (None, team.name)]
    if len(found) != 1:
        known = ", ".join(team.name for team in teams) or "none yet: baton config apply FILE"
        raise Told(f"Which team? There is {known}.")
    return tx.teams.source(found[0]).rstrip("\n")


@asynccontextmanager
async def _slack() -> AsyncIterator[tuple[Store, AsyncWebClient, WorkspaceId]]:
    """The store and the workspace of the settings."""
    try:
        settings = Settings.read()
        settings.check(hears_slack=False)
    except BadSettings as error:
        raise Told(str(error)) from None
    await asyncio.to_thread(migrate, settings.database_url)
    async with ClientSession(timeout=SLACK_ANSWERS_WITHIN) as session:
        client = make_client(settings, session)
        with connect(settings.database_url) as store:
            try:
                installation = await introduce(client, store)
            except SlackApiError as error:
                raise Told(f"Slack refuses SLACK_BOT_TOKEN ({error.response['error']}).") from None
            yield store, client, installation.workspace


async def _channel_id(client: AsyncWebClient, document: TeamDocument) -> ChannelId:
    """The id of the document's channel, which Slack knows by its name."""
    named = document.team.channel
    if named is None:
        raise Told('team: say where the cards go: channel = "#support", or the channel\'s id')
    if not named.startswith("#"):
        return ChannelId(named)
    cursor: str | None = ""
    while cursor is not None:
        page = await client.conversations_list(
            cursor=cursor or None,
            limit=1000,
            exclude_archived=True,
            types="public_channel,private_channel",
        )
        for channel in page["channels"]:
            if channel["name"] == named.removeprefix("#"):
                return ChannelId(channel["id"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
    raise Told(f"Slack knows no channel {named}. Create it, and invite Baton to it: /invite @Baton")


async def _see_that_we_are_in(client: AsyncWebClient, channel: ChannelId) -> None:
    """A card for a channel that we are not in would reach nobody."""
    try:
        known = await client.conversations_info(channel=channel)
    except SlackApiError as error:
        reason = error.response["error"]
        raise Told(
            f"Slack does not show us the channel {channel} ({reason}). Is the id right? "
            "In a private channel, type: /invite @Baton"
        ) from None
    if not known["channel"]["is_member"]:
        name = known["channel"]["name"]
        raise Told(f"Baton is not in #{name}. Type there: /invite @Baton - and apply again.")
