"""baton audit: detect changes to the trail, note its head, show who looked at a customer."""

import asyncio
import json
import re
from collections.abc import Coroutine
from typing import Any, TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.audit import ANCHOR_DIGITS, ChainCheck, Entry, Link
from bot.customers.customer import key_of
from bot.people import WorkspaceId
from bot.settings import Settings
from handlers.cli.cli_error import CliError
from handlers.cli.session import database_not_opened, keys_of, read_settings
from handlers.i18n import _, ngettext
from storage import Store, Transaction, connect
from storage.due import Due

HEAD = re.compile(rf"(\d+):([0-9a-f]{{{ANCHOR_DIGITS},64}})")
T = TypeVar("T")


@click.group()
def audit() -> None:
    """The audit trail: who did what, and who was not allowed to."""


@audit.command()
@click.option("--head", "noted", metavar="NUMBER:SEAL", help="A head noted earlier: is it there?")
def verify(noted: str | None) -> None:
    """Check the audit trail for changes.

    Names the first entry that was edited, removed or moved, or whose key is missing. With --head,
    also checks that an entry which was the newest at some time is still there. Needs only the
    database and the keys. Exits with 1 if there is a problem.
    """
    settings = read_settings()
    checks = _run(_checks(settings, None if noted is None else _anchor(noted)))
    for check in checks:
        click.echo(verdict_of(check))
    if any(check.broken for check in checks):
        raise SystemExit(1)
    if noted is not None and not any(check.anchored for check in checks):
        click.echo(_("The entry {head} is not part of the trail.").format(head=noted))
        raise SystemExit(1)


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each workspace.")
def head(*, as_json: bool) -> None:
    """Print the newest entry's number and seal, to note them outside the database.

    A later `baton audit verify --head NUMBER:SEAL` shows whether the trail still has that entry.
    """
    for workspace, newest in _run(_heads(read_settings())).items():
        click.echo(_as_json(workspace, newest) if as_json else _as_text(workspace, newest))


@audit.command()
@click.argument("name")
def customer(name: str) -> None:
    """Show who has looked at all facts about a customer, and when, by any spelling of NAME."""
    looks = _run(_looks(read_settings(), name))
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


async def _looks(settings: Settings, name: str) -> list[tuple[WorkspaceId, Entry]]:
    with connect(settings.database_url, keys=keys_of(settings)) as store:
        return [
            (workspace, look)
            for workspace in await store.query_all(Due.workspaces)
            for look in await store.of(workspace).read(looks_at, name)
        ]


def looks_at(tx: Transaction, name: str) -> list[Entry]:
    return tx.audit.looks_at_customer(key_of(name))


def _as_json(workspace: WorkspaceId, newest: Link | None) -> str:
    facts = {
        "workspace": workspace,
        "number": newest.number if newest else 0,
        "seal": newest.seal if newest else "",
        "at": newest.entry.at.isoformat() if newest else None,
    }
    return json.dumps(facts)


def _as_text(workspace: WorkspaceId, newest: Link | None) -> str:
    if newest is None:
        return _("{workspace}: no entries yet.").format(workspace=workspace)
    return _("{workspace}: {number}:{seal} of {at}").format(
        workspace=workspace, number=newest.number, seal=newest.seal, at=newest.entry.at.isoformat()
    )


def _anchor(noted: str) -> tuple[int, str]:
    if (found := HEAD.fullmatch(noted)) is None:
        raise CliError(
            _("{head} is not a head. Write NUMBER:SEAL, as baton audit head prints it.").format(
                head=noted
            )
        )
    return int(found[1]), found[2]


async def _checks(settings: Settings, anchor: tuple[int, str] | None) -> list[ChainCheck]:
    with connect(settings.database_url, keys=keys_of(settings)) as store:
        workspaces = await store.query_all(Due.workspaces)
        return [await check_chain(store, one, anchor) for one in workspaces]


async def _heads(settings: Settings) -> dict[WorkspaceId, Link | None]:
    with connect(settings.database_url) as store:
        workspaces = await store.query_all(Due.workspaces)
        return {one: await store.of(one).read(newest_link) for one in workspaces}


async def check_chain(
    store: Store, workspace: WorkspaceId, anchor: tuple[int, str] | None = None
) -> ChainCheck:
    """Check a workspace's chain in batches, up to the head it had at the start."""
    workspace_store = store.of(workspace)
    head = await workspace_store.read(lambda tx: tx.audit.head())
    check = ChainCheck(workspace, head, store.keys, anchor)
    while links := await workspace_store.read(links_after, check.number):
        check.along(links)
        if check.broken:
            break
    check.end()
    return check


def links_after(tx: Transaction, number: int) -> list[Link]:
    return tx.audit.after(number)


def newest_link(tx: Transaction) -> Link | None:
    return tx.audit.newest()


def verdict_of(check: ChainCheck) -> str:
    if check.broken:
        return _("{workspace}: {problem}. The entries before it are intact.").format(
            workspace=check.workspace, problem=check.broken
        )
    verdict = ngettext(
        "{workspace}: {count} entry, intact; sealed with a key: {keyed}; payload erased: {erased}. "
        "The newest is {count}:{seal}. Note it outside the database: baton audit verify --head "
        "shows later whether entries were removed or rewritten.",
        "{workspace}: {count} entries, all intact; sealed with a key: {keyed}; payload erased: "
        "{erased}. The newest is {count}:{seal}. Note it outside the database: baton audit verify "
        "--head shows later whether entries were removed or rewritten.",
        check.number,
    )
    return verdict.format(
        workspace=check.workspace,
        count=check.number,
        keyed=check.keyed,
        erased=check.erased,
        seal=check.last[:ANCHOR_DIGITS],
    )
