"""baton audit verify: whether the trail of who did what is as it was written."""

import asyncio

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.audit import Link, Walk
from bot.people import WorkspaceId
from handlers.cli.cli_error import CliError
from handlers.cli.session import read_settings
from storage import Store, Transaction, connect
from storage.due import Due


@click.group()
def audit() -> None:
    """The trail of who did what, and who was denied it."""


@audit.command()
def verify() -> None:
    """Find any entry of the trail that was edited, left out or put elsewhere; the first is named.

    Needs the database alone. Ends with 1 if there is such an entry.
    """
    url = read_settings().database_url
    try:
        walks = asyncio.run(_walks(url))
    except SQLAlchemyError as error:
        raise CliError(f"The database of DATABASE_URL does not open: {error}") from None
    for walk in walks:
        click.echo(words_of(walk))
    if any(walk.broken for walk in walks):
        raise SystemExit(1)


async def _walks(url: str) -> list[Walk]:
    with connect(url) as store:
        return [await walked(store, one) for one in await store.everywhere(Due.workspaces)]


async def walked(store: Store, workspace: WorkspaceId) -> Walk:
    """Along the whole chain of a workspace; what is written meanwhile is left for the next time."""
    ours = store.of(workspace)
    walk = Walk(workspace, await ours.read(head_of))
    while links := await ours.read(links_after, walk.number):
        walk.along(links)
        if walk.broken:
            break
    walk.end()
    return walk


def head_of(tx: Transaction) -> tuple[int, str]:
    return tx.audit.head()


def links_after(tx: Transaction, number: int) -> list[Link]:
    return tx.audit.after(number)


def words_of(walk: Walk) -> str:
    if walk.broken:
        return f"{walk.workspace}: {walk.broken}. What comes before it is whole."
    return (
        f"{walk.workspace}: {walk.number:,} entries, all as they were written. The newest has the "
        f"seal {walk.last[:16]}: whoever notes it down can tell if the end is cut off and forged."
    )
