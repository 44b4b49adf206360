"""The command: looks at the settings, the database, Slack, the teams and the work."""

import asyncio
from collections.abc import AsyncIterator

import click
from aiohttp import ClientError, ClientSession
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.people import WorkspaceId
from bot.self_check import LATE
from bot.settings import BadSettings, Settings
from bot.team.team import Team
from handlers.cli.doctor.app import (
    reason_of,
    wrong_with_clock,
    wrong_with_scopes,
    wrong_with_sockets,
)
from handlers.cli.doctor.teams import wrong_with_team
from handlers.cli.session import read_settings
from handlers.process import SLACK_ANSWERS_WITHIN, make_client
from storage import Store, Transaction, connect
from storage.database.migrate import behind
from storage.due import Due
from storage.store import wall_clock


@click.command()
def doctor() -> None:
    """Find what is wrong, and say how to mend each. Ends with 1 if anything is."""
    if asyncio.run(_tell(read_settings())):
        raise SystemExit(1)
    click.echo("All is well.")


async def _tell(settings: Settings) -> bool:
    found = False
    async for wrong in examine(settings):
        found = True
        click.echo(f"wrong: {wrong}")
    return found


async def examine(settings: Settings) -> AsyncIterator[str]:
    """Each thing that is wrong, with how to mend it; what cannot be seen for that is left out."""
    try:
        settings.check(hears_slack=True)
    except BadSettings as error:
        yield str(error)
    with connect(settings.database_url) as store:
        well = True
        async for wrong in _wrong_with_database(store):
            well = False
            yield wrong
        if settings.slack_bot_token is not None:
            async for wrong in _wrong_with_slack(settings, store if well else None):
                yield wrong
        if well:
            async for wrong in _wrong_with_work(store):
                yield wrong


async def _wrong_with_database(store: Store) -> AsyncIterator[str]:
    try:
        if await asyncio.to_thread(behind, store.database.reading):
            yield "the database has another schema than this Baton. Run: baton migrate"
    except SQLAlchemyError as error:
        told = str(error).splitlines()[0]
        yield f"the database does not open ({told}). Is it up, and DATABASE_URL right?"


async def _wrong_with_slack(settings: Settings, store: Store | None) -> AsyncIterator[str]:
    async with ClientSession(timeout=SLACK_ANSWERS_WITHIN) as session:
        client = make_client(settings, session)
        try:
            we = await client.auth_test()
        except SlackApiError as error:
            yield f"Slack refuses SLACK_BOT_TOKEN ({reason_of(error)}). Copy it again"
            return
        except (ClientError, TimeoutError) as error:
            where = settings.slack_api_url
            yield f"Slack does not answer ({reason_of(error)}). Can this host reach {where}?"
            return
        headers = {name.lower(): value for name, value in we.headers.items()}
        for wrong in (*wrong_with_scopes(headers), *wrong_with_clock(headers, wall_clock())):
            yield wrong
        async for wrong in wrong_with_sockets(client, settings):
            yield wrong
        if store is None:
            return
        workspace = WorkspaceId(we["team_id"])
        teams = await store.of(workspace).read(all_teams)
        if not teams:
            yield "there is no team yet. Describe one in a file, and run: baton config apply FILE"
        for team in teams:
            async for wrong in wrong_with_team(client, team, workspace, wall_clock()):
                yield wrong


async def _wrong_with_work(store: Store) -> AsyncIterator[str]:
    late = await store.everywhere(Due.lateness)
    if (longest := max(late.case, late.delivery)) > LATE:
        minutes = longest.total_seconds() // 60
        yield f"what is due has waited for {minutes:.0f} min. Start: baton run, or baton worker"
    for workspace, reason in (await store.everywhere(Due.shut)).items():
        yield f"Slack takes nothing from us in {workspace} ({reason}). Install the app again"
    for found in await store.everywhere(Due.findings):
        yield found


def all_teams(tx: Transaction) -> list[Team]:
    return list(tx.teams.all())
