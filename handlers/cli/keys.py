"""baton keys: show and rotate the root keys."""

import asyncio

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.audit import COMMAND_LINE, Decision
from bot.keys import RootKeys
from bot.settings import BadSettings, Settings
from handlers.cli.cli_error import CliError
from handlers.cli.session import (
    database_not_opened,
    keys_of,
    migrate_database,
    read_settings,
)
from handlers.i18n import _
from storage import Transaction, connect
from storage.database.key_file import key_file_of, rotate_keys
from storage.due import Due

ROTATE = "rotate_keys"
"""The step of the entry that a rotation leaves in the audit trail."""


@click.group(invoke_without_command=True)
@click.pass_context
def keys(context: click.Context) -> None:
    """The root keys, which seal the audit trail. Without a command: show them."""
    if context.invoked_subcommand is None:
        context.invoke(show)


@keys.command()
def show() -> None:
    """List the fingerprints of the root keys, newest first. Never prints a key."""
    settings = read_settings()
    found, file = keys_of(settings).keys, key_file_of(settings)
    if not found:
        click.echo(_("There are no root keys yet. Make one with: baton keys rotate"))
    for number, key in enumerate(found):
        click.echo(_("{id} (seals)").format(id=key.id) if number == 0 else key.id)
    if found:
        click.echo(_("They are in {place}.").format(place=file or "BATON_KEYS"))


@keys.command()
def rotate() -> None:
    """Add a new root key in front. The old ones stay: they verify what they sealed.

    With a key file, writes the file. Otherwise prints the new value of BATON_KEYS.
    """
    settings = read_settings()
    try:
        new = rotate_keys(settings)
    except BadSettings as error:
        raise CliError(str(error)) from None
    file = key_file_of(settings)
    if file is None:
        click.echo(
            _(
                "Set BATON_KEYS to the value below for every process, then restart all of them. It "
                "is secret: keep a copy, but not where the backups of the database are."
            ),
            err=True,
        )
        click.echo(new.written())
        return
    migrate_database(settings)
    try:
        asyncio.run(_record(settings, new))
    except SQLAlchemyError as error:
        raise CliError(database_not_opened(str(error))) from None
    click.echo(
        _(
            "{file} has the new key {id}. Restart Baton to use it, and copy the file to a place "
            "where the backups of the database are not."
        ).format(file=file, id=new.keys[0].id)
    )


async def _record(settings: Settings, new: RootKeys) -> None:
    with connect(settings.database_url, keys=new) as store:
        for workspace in await store.query_all(Due.workspaces):
            await store.of(workspace).run(note_rotation)


def note_rotation(tx: Transaction) -> None:
    tx.audit.note(COMMAND_LINE, ROTATE, None, Decision.DONE)
