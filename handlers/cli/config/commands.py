"""The ``baton config`` commands: check, preview, apply and show a team file."""

import asyncio
import sys
from pathlib import Path

import click

from bot.audit import COMMAND_LINE
from bot.team import BadDocument, TeamDocument, read_team
from bot.team.pending import settings_without_effect
from bot.team.team import Team
from handlers.cli.cli_error import CliError, Declined, mistake_text
from handlers.cli.config.apply import apply_team, channel_of
from handlers.cli.config.preview import preview_of
from handlers.cli.config.preview_text import words_of
from handlers.cli.session import at_work, team_named
from handlers.i18n import _, translate
from storage import Transaction

TOML = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))

PROGRESS_EVERY = 10_000  # cases


@click.group()
def config() -> None:
    """Check, preview, apply or show a team file."""


@config.command()
@TOML
def check(file: Path) -> None:
    """Check FILE and list its mistakes."""
    _source, document = _read(file)
    click.echo(
        _("{file} is valid. It describes the team {team}.").format(
            file=file, team=document.team.name
        )
    )


@config.command()
@TOML
def preview(file: Path) -> None:
    """Show how FILE would change the open cases, and replay the last 90 days with it."""
    _source, document = _read(file)
    click.echo(asyncio.run(_preview(document)))


@config.command()
@TOML
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
def apply(file: Path, *, yes: bool) -> None:
    """Preview FILE, then apply it as a new revision.

    Running clocks of open cases change with it. In a terminal, asks for confirmation first.
    """
    source, document = _read(file)
    click.echo(asyncio.run(_preview(document, to_apply=True)))
    asks = sys.stdin.isatty() and not yes
    if asks and not click.confirm(_("Apply it?"), err=True):
        raise Declined
    team = asyncio.run(_apply(source))
    click.echo(
        _("{team}: revision {revision} applied in channel {channel}.").format(
            team=team.name, revision=team.revision, channel=team.channel
        )
    )


@config.command()
@click.argument("name", required=False)
def show(name: str | None) -> None:
    """Print the current document of the team NAME, or of the only team."""
    click.echo(asyncio.run(_show(name)))


def _read(file: Path) -> tuple[str, TeamDocument]:
    try:
        source = file.read_text(encoding="utf-8")
        document = read_team(source)
    except UnicodeDecodeError:
        raise CliError(_("{file} is not UTF-8 text; save it as UTF-8.").format(file=file)) from None
    except BadDocument as error:
        lines = (f"{file}: {mistake_text(mistake)}" for mistake in error.mistakes)
        raise CliError("\n".join(lines)) from None
    for sentence in settings_without_effect(document):
        note = _("{file}: note: {note}").format(file=file, note=translate(sentence))
        click.echo(note, err=True)
    return source, document


async def _preview(document: TeamDocument, *, to_apply: bool = False) -> str:
    async with at_work() as (store, client, workspace):
        if to_apply:
            await channel_of(client, document)  # fail before a long preview
        found = await preview_of(store, workspace, document, on_progress=_show_progress)
    if found is None:
        return _("There is no team {team} yet, so no cases would change.").format(
            team=document.team.name
        )
    return words_of(found)


def _show_progress(cases: int) -> None:
    if cases % PROGRESS_EVERY == 0:
        click.echo(_("{count} cases checked").format(count=f"{cases:,}"), err=True)


async def _apply(source: str) -> Team:
    async with at_work() as (store, client, workspace):
        return await apply_team(store, client, workspace, source, by=COMMAND_LINE)


async def _show(name: str | None) -> str:
    async with at_work() as (store, _client, workspace):
        return await store.of(workspace).read(document_of, name)


def document_of(tx: Transaction, name: str | None) -> str:
    return tx.teams.source(team_named(tx, name)).rstrip("\n")
