"""baton config: check, apply and show a team's document."""

import asyncio
import sys
from pathlib import Path

import click

from bot.team import BadDocument, TeamDocument, read_team
from bot.team.pending import not_acted_on
from bot.team.team import Team
from handlers.cli.cli_error import CliError, Declined
from handlers.cli.config.apply import apply_team, channel_of
from handlers.cli.config.preview import preview_of
from handlers.cli.config.preview_text import words_of
from handlers.cli.session import at_work, team_named
from storage import Transaction

TOML = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))

FAR = 10_000  # cases; whoever has so many waits for some time


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
def preview(file: Path) -> None:
    """Show what FILE would do to the open cases, and would have done in the last 90 days."""
    _, document = _read(file)
    click.echo(asyncio.run(_preview(document)))


@config.command()
@TOML
@click.option("--yes", is_flag=True, help="Do not ask, even in a terminal.")
def apply(file: Path, *, yes: bool) -> None:
    """Show what FILE would do, and put it in force as a new revision.

    The running clocks of open cases follow it.
    """
    source, document = _read(file)
    click.echo(asyncio.run(_preview(document, to_apply=True)))
    asks = sys.stdin.isatty() and not yes
    if asks and not click.confirm("Put it in force?", err=True):
        raise Declined
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
        raise CliError(f"{file} is not UTF-8 text; save it as that.") from None
    except BadDocument as error:
        raise CliError("\n".join(f"{file}: {mistake}" for mistake in error.mistakes)) from None
    for sentence in not_acted_on(document):
        click.echo(f"{file}: note: {sentence}", err=True)
    return source, document


async def _preview(document: TeamDocument, *, to_apply: bool = False) -> str:
    """Whoever means to apply it hears first whether Slack knows its channel."""
    async with at_work() as (store, client, workspace):
        if to_apply:
            await channel_of(client, document)
        seen = await preview_of(store, workspace, document, say=_say_how_far)
    if seen is None:
        return f"There is no team {document.team.name} yet: no case would change."
    return words_of(seen)


def _say_how_far(cases: int) -> None:
    if cases % FAR == 0:
        click.echo(f"{cases:,} cases looked at", err=True)


async def _apply(source: str) -> Team:
    async with at_work() as (store, client, workspace):
        return await apply_team(store, client, workspace, source, by="the command line")


async def _show(name: str | None) -> str:
    async with at_work() as (store, _, workspace):
        return await store.of(workspace).read(document_of, name)


def document_of(tx: Transaction, name: str | None) -> str:
    return tx.teams.source(team_named(tx, name)).rstrip("\n")
