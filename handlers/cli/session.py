"""Settings, database and Slack client for a command, with errors for the operator."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.keys import RootKeys
from bot.people import WorkspaceId
from bot.settings import BadSettings, Settings
from bot.team.team import Team
from handlers.cli.cli_error import CliError
from handlers.i18n import _, ngettext
from handlers.process import SLACK_ANSWERS_WITHIN, introduce, make_client
from handlers.slack.web_session import reason_of, web_session
from storage import Store, Transaction, connect
from storage.database import migrate as migrations
from storage.database.bad_database import BadDatabase
from storage.database.key_file import open_keys, read_keys


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        CliError: a setting is invalid.
    """
    try:
        return Settings.read()
    except BadSettings as error:
        raise CliError(str(error)) from None


def keys_of(settings: Settings) -> RootKeys:
    """Return the root keys.

    Raises:
        CliError: they cannot be read.
    """
    try:
        return read_keys(settings)
    except BadSettings as error:
        raise CliError(str(error)) from None


def migrate_database(settings: Settings) -> None:
    """Migrate the database.

    Raises:
        CliError: the database does not open, or is newer than this version.
    """
    try:
        migrations.migrate(settings.database_url)
    except BadDatabase as error:
        raise CliError(str(error)) from None
    except SQLAlchemyError as error:
        raise CliError(database_not_opened(str(error).splitlines()[0])) from None


def database_not_opened(reason: str) -> str:
    return _("The database of DATABASE_URL does not open: {reason}").format(reason=reason)


@asynccontextmanager
async def at_work() -> AsyncIterator[tuple[Store, AsyncWebClient, WorkspaceId]]:
    """Open the store and the Slack client; yield them with the id of the token's workspace.

    Raises:
        CliError: a setting is missing, the database does not open, the root keys cannot be read,
            or Slack refuses the token.
    """
    settings = read_settings()
    try:
        settings.check(hears_slack=False)
        await asyncio.to_thread(migrate_database, settings)
        keys = await asyncio.to_thread(open_keys, settings)
    except BadSettings as error:
        raise CliError(str(error)) from None
    async with web_session(SLACK_ANSWERS_WITHIN) as session:
        client = make_client(settings, session)
        with connect(settings.database_url, keys=keys) as store:
            try:
                installation = await introduce(client, store)
            except SlackApiError as error:
                raise CliError(bot_token_refused(error)) from None
            yield store, client, installation.workspace


def bot_token_refused(error: SlackApiError) -> str:
    return _(
        "Slack refuses SLACK_BOT_TOKEN ({reason}). Copy the token again from the app's "
        "OAuth & Permissions page."
    ).format(reason=reason_of(error))


def team_named(tx: Transaction, name: str | None) -> Team:
    """Return the team called ``name``, or the only team if no name is given.

    Raises:
        CliError: no team, or more than one, fits; the message lists the teams.
    """
    teams = tx.teams.all()
    found = [team for team in teams if name in (None, team.name)]
    if not teams:
        raise CliError(_("No team is set up yet. Set one up with: baton config apply FILE"))
    if len(found) != 1:
        known = ", ".join(team.name for team in teams)
        which = ngettext(
            "Which team? There is {teams}.", "Which team? There are {teams}.", len(teams)
        )
        raise CliError(which.format(teams=known))
    return found[0]
