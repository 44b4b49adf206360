"""What the commands of the shell begin with, and how each mistake is told to an operator."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.people import WorkspaceId
from bot.settings import BadSettings, Settings
from bot.team.team import Team
from handlers.cli.cli_error import CliError
from handlers.process import SLACK_ANSWERS_WITHIN, introduce, make_client
from storage import Store, Transaction, connect
from storage.database import migrate as migrations


def read_settings() -> Settings:
    """Raises Told."""
    try:
        return Settings.read()
    except BadSettings as error:
        raise CliError(str(error)) from None


def bring_up_to_date(settings: Settings) -> None:
    """Migrate the database of the settings.

    Raises:
        Told: it does not open.
    """
    try:
        migrations.migrate(settings.database_url)
    except SQLAlchemyError as error:
        told = str(error).splitlines()[0]
        raise CliError(f"The database of DATABASE_URL does not open: {told}") from None


@asynccontextmanager
async def at_work() -> AsyncIterator[tuple[Store, AsyncWebClient, WorkspaceId]]:
    """The store, Slack, and the workspace of the settings.

    Raises:
        Told: one of them cannot be had.
    """
    settings = read_settings()
    try:
        settings.check(hears_slack=False)
    except BadSettings as error:
        raise CliError(str(error)) from None
    await asyncio.to_thread(bring_up_to_date, settings)
    async with ClientSession(timeout=SLACK_ANSWERS_WITHIN) as session:
        client = make_client(settings, session)
        with connect(settings.database_url) as store:
            try:
                installation = await introduce(client, store)
            except SlackApiError as error:
                raise CliError(
                    f"Slack refuses SLACK_BOT_TOKEN ({error.response['error']})."
                ) from None
            yield store, client, installation.workspace


def team_named(tx: Transaction, name: str | None) -> Team:
    """The team of that name, or the only one.

    Raises:
        Told: which are there to choose from.
    """
    teams = tx.teams.all()
    found = [team for team in teams if name in (None, team.name)]
    if len(found) != 1:
        known = ", ".join(team.name for team in teams) or "none yet: baton config apply FILE"
        raise CliError(f"Which team? There is {known}.")
    return found[0]
