"""baton audit verify: detect changes to the audit trail."""

import asyncio

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.audit import Link, Walk
from bot.people import WorkspaceId
from handlers.cli.cli_error import CliError
from handlers.cli.session import read_settings
from handlers.i18n import _, ngettext
from storage import Store, Transaction, connect
from storage.due import Due


@click.group()
def audit() -> None:
    """The audit trail: who did what, and who was not allowed to."""


@audit.command()
def verify() -> None:
    """Check the audit trail for changes.

    Names the first entry that was edited, removed or moved. Needs only the database. Exits
    with 1 if such an entry is found.
    """
    url = read_settings().database_url
    try:
        walks = asyncio.run(_walks(url))
    except SQLAlchemyError as error:
        raise CliError(
            _("The database of DATABASE_URL does not open: {reason}").format(reason=error)
        ) from None
    for walk in walks:
        click.echo(verdict_of(walk))
    if any(walk.broken for walk in walks):
        raise SystemExit(1)


async def _walks(url: str) -> list[Walk]:
    with connect(url) as store:
        return [await walk_of(store, one) for one in await store.everywhere(Due.workspaces)]


async def walk_of(store: Store, workspace: WorkspaceId) -> Walk:
    """Check a workspace's chain in batches, up to the head it had at the start."""
    workspace_store = store.of(workspace)
    walk = Walk(workspace, await workspace_store.read(lambda tx: tx.audit.head()))
    while links := await workspace_store.read(links_after, walk.number):
        walk.along(links)
        if walk.broken:
            break
    walk.end()
    return walk


def links_after(tx: Transaction, number: int) -> list[Link]:
    return tx.audit.after(number)


def verdict_of(walk: Walk) -> str:
    if walk.broken:
        return _("{workspace}: {problem}. The entries before it are intact.").format(
            workspace=walk.workspace, problem=walk.broken
        )
    return ngettext(
        "{workspace}: {count} entry, intact. Its seal is {seal}. Keep it outside the database: "
        "if a later trail does not contain it, the end was cut off or rewritten.",
        "{workspace}: {count} entries, all intact. The newest seal is {seal}. Keep it outside the "
        "database: if a later trail does not contain it, the end was cut off or rewritten.",
        walk.number,
    ).format(workspace=walk.workspace, count=f"{walk.number:,}", seal=walk.last[:16])
