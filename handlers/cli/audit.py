"""baton audit: detect changes to the trail, and show who looked at a customer."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.audit import ChainCheck, Entry, Link
from bot.customers.customer import pseudonym_of
from bot.people import WorkspaceId
from handlers.cli.cli_error import CliError
from handlers.cli.session import database_not_opened, read_settings
from handlers.i18n import _, ngettext
from storage import Store, Transaction, connect
from storage.due import Due

T = TypeVar("T")


@click.group()
def audit() -> None:
    """The audit trail: who did what, and who was not allowed to."""


@audit.command()
def verify() -> None:
    """Check the audit trail for changes.

    Names the first entry that was edited, removed or moved. Needs only the database. Exits
    with 1 if such an entry is found.
    """
    checks = _run(_checks(read_settings().database_url))
    for check in checks:
        click.echo(verdict_of(check))
    if any(check.broken for check in checks):
        raise SystemExit(1)


@audit.command()
@click.argument("name")
def customer(name: str) -> None:
    """Show who has looked at all facts about a customer, and when, by any spelling of NAME."""
    looks = _run(_looks(read_settings().database_url, name))
    for workspace, look in looks:
        seen = f"{look.at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"{workspace}  {seen}  {look.who}")
    if not looks:
        click.echo(_("The audit trail has no look at this customer."))


def _run(work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
    except SQLAlchemyError as error:
        raise CliError(database_not_opened(str(error))) from None


async def _looks(url: str, name: str) -> list[tuple[WorkspaceId, Entry]]:
    with connect(url) as store:
        return [
            (workspace, look)
            for workspace in await store.query_all(Due.workspaces)
            for look in await store.of(workspace).read(looks_at, name)
        ]


def looks_at(tx: Transaction, name: str) -> list[Entry]:
    return tx.audit.looks_at_customer(pseudonym_of(name, tx.installation.key()))


async def _checks(url: str) -> list[ChainCheck]:
    with connect(url) as store:
        return [await check_chain(store, one) for one in await store.query_all(Due.workspaces)]


async def check_chain(store: Store, workspace: WorkspaceId) -> ChainCheck:
    """Check a workspace's chain in batches, up to the head it had at the start."""
    workspace_store = store.of(workspace)
    check = ChainCheck(workspace, await workspace_store.read(lambda tx: tx.audit.head()))
    while links := await workspace_store.read(links_after, check.number):
        check.along(links)
        if check.broken:
            break
    check.end()
    return check


def links_after(tx: Transaction, number: int) -> list[Link]:
    return tx.audit.after(number)


def verdict_of(check: ChainCheck) -> str:
    if check.broken:
        return _("{workspace}: {problem}. The entries before it are intact.").format(
            workspace=check.workspace, problem=check.broken
        )
    return ngettext(
        "{workspace}: {count} entry, intact. Its seal is {seal}. Keep the seal outside the "
        "database: if a later check no longer finds it, entries were removed or rewritten.",
        "{workspace}: {count} entries, all intact. The newest seal is {seal}. Keep the seal "
        "outside the database: if a later check no longer finds it, entries were removed or "
        "rewritten.",
        check.number,
    ).format(workspace=check.workspace, count=f"{check.number:,}", seal=check.last[:16])
