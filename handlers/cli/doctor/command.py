"""The command: checks the settings, the database, Slack, the teams and the worker."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import timedelta

import click
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.delivery import RESTORED
from bot.people import WorkspaceId
from bot.self_check import LATE
from bot.settings import BadSettings, Settings
from handlers.cli.doctor.app import (
    check_clock,
    check_scopes,
    check_socket_mode,
)
from handlers.cli.doctor.keys import check_keys, check_missing_keys, usable_keys
from handlers.cli.doctor.processes import check_workers, describe_processes
from handlers.cli.doctor.teams import check_team
from handlers.cli.session import bot_token_refused, read_settings
from handlers.i18n import _
from handlers.process import SLACK_ANSWERS_WITHIN, make_client
from handlers.slack.outgoing.find_newer import SENDS_NOTHING
from handlers.slack.web_session import reason_of, web_session
from storage import Store, connect
from storage.database.bad_database import BadDatabase
from storage.database.engines import read_url
from storage.database.migrate import is_behind
from storage.database.sqlite_file import file_of, is_exposed
from storage.due import Due
from storage.store import wall_clock

HOUR = timedelta(hours=1)


@click.command()
def doctor() -> None:
    """Check the installation and say how to fix each problem. Exits with 1 if there is one."""
    if asyncio.run(_print_problems(read_settings())):
        raise SystemExit(1)
    click.echo(_("No problems found."))


async def _print_problems(settings: Settings) -> bool:
    found = False
    async for problem in find_problems(settings):
        found = True
        click.echo(_("Problem: {problem}").format(problem=problem))
    with connect(settings.database_url) as store, suppress(SQLAlchemyError):
        for line in describe_processes(await store.query_all(Due.processes), at=store.clock()):
            click.echo(line)
    return found


async def find_problems(settings: Settings) -> AsyncIterator[str]:
    """Yield each problem with its fix. Checks that depend on a failed one are skipped."""
    for problem in _check_settings(settings):
        yield problem
    with connect(settings.database_url, keys=usable_keys(settings)) as store:
        usable = True
        async for problem in _check_database(store):
            usable = False
            yield problem
        if settings.slack_bot_token is not None:
            async for problem in _check_slack(settings, store if usable else None):
                yield problem
        if usable:
            async for problem in _check_worker(store):
                yield problem
            async for problem in check_missing_keys(store):
                yield problem


def _check_settings(settings: Settings) -> Iterator[str]:
    try:
        settings.check(hears_slack=True)
    except BadSettings as error:
        yield str(error)
    file = file_of(read_url(settings.database_url))
    if file is not None and is_exposed(file):
        yield _("Other users of this machine can read {file}. Run: chmod 600 {file}*").format(
            file=file
        )
    yield from check_keys(settings)


async def _check_database(store: Store) -> AsyncIterator[str]:
    try:
        if await asyncio.to_thread(_is_behind, store):
            yield _("The database schema is not the one of this version. Run: baton migrate")
    except BadDatabase as error:
        yield str(error)
    except SQLAlchemyError as error:
        yield _(
            "The database does not open ({reason}). Check that it is running and that DATABASE_URL "
            "is correct."
        ).format(reason=str(error).splitlines()[0])


def _is_behind(store: Store) -> bool:
    with store.database.reading.connect() as connection:
        return is_behind(connection)


async def _check_slack(settings: Settings, store: Store | None) -> AsyncIterator[str]:
    async with web_session(SLACK_ANSWERS_WITHIN) as session:
        client = make_client(settings, session)
        try:
            identity = await client.auth_test()
        except SlackApiError as error:
            yield bot_token_refused(error)
            return
        except (ClientError, TimeoutError) as error:
            yield _(
                "Slack does not answer ({reason}). Check that this host can reach {url}"
            ).format(reason=reason_of(error), url=settings.slack_api_url)
            return
        headers = {name.lower(): value for name, value in identity.headers.items()}
        for problem in (*check_scopes(headers), *check_clock(headers, wall_clock())):
            yield problem
        async for problem in check_socket_mode(client, settings):
            yield problem
        if store is None:
            return
        workspace = WorkspaceId(identity["team_id"])
        teams = await store.of(workspace).read(lambda tx: list(tx.teams.all()))
        if not teams:
            yield _(
                "No team is set up yet. Describe one in a file, then run: baton config apply FILE"
            )
        for team in teams:
            async for problem in check_team(client, team, workspace, wall_clock()):
                yield problem


async def _check_worker(store: Store) -> AsyncIterator[str]:
    for problem in check_workers(await store.query_all(Due.processes), at=store.clock()):
        yield problem
    late = await store.query_all(Due.lateness)
    if (longest := max(late.case, late.delivery)) > LATE:
        minutes = longest.total_seconds() // 60
        yield _(
            "The worker is {minutes} min behind or stopped. Nothing is lost; start it with: "
            "baton run, or baton worker"
        ).format(minutes=f"{minutes:.0f}")
    for workspace, reason in (await store.query_all(Due.shut)).items():
        if reason == RESTORED:
            yield _(SENDS_NOTHING)
            continue
        yield _(
            "Slack refuses Baton's token in {workspace} ({reason}), so messages stay queued. "
            "Reinstall the app and put its new token into SLACK_BOT_TOKEN."
        ).format(workspace=workspace, reason=reason)
    if ahead := await store.query_all(Due.ahead):
        yield _(
            "Stored times lie {hours} h too far in the future: the clock was ahead. Sync it with "
            "NTP; a running worker corrects the times."
        ).format(hours=f"{ahead / HOUR:.0f}")
    for workspace in await store.query_all(Due.outages):
        yield _(
            "Slack answers with errors in {workspace}. Baton tries one message every 15 seconds "
            "and sends the rest when Slack recovers; see https://slack-status.com"
        ).format(workspace=workspace)
    for finding in await store.query_all(Due.findings):
        yield finding
