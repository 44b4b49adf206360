"""Delete expired rows, retry cards that could not be posted, and mark the SQLite file."""

import asyncio
import logging

from bot.people import WorkspaceId
from storage import Store, Transaction
from storage.database.bad_database import BadDatabase
from storage.database.sqlite_file import file_of
from storage.database.sqlite_mark import renew_mark

log = logging.getLogger(__name__)


async def delete_old(store: Store, workspace: WorkspaceId) -> None:
    await store.of(workspace).run(delete_old_rows)


async def delete_old_nonces(store: Store, workspace: WorkspaceId) -> None:
    """Delete expired nonces. Runs often: every request adds one, and they expire in minutes."""
    await store.of(workspace).run(lambda tx: tx.nonces.forget_old())


async def retry_cards(store: Store, workspace: WorkspaceId) -> None:
    """Retry cards in channels that Baton could not post to.

    Slack sends no event when a channel is unarchived or a permission changes.
    """
    await store.of(workspace).run(retry_unreachable_cards)


async def mark_database(store: Store) -> None:
    """Give a SQLite file a new mark, so that an older backup of it is recognized."""
    if (file := file_of(store.database.url)) is None:
        return
    try:
        await asyncio.to_thread(renew_mark, file)
    except BadDatabase as error:
        log.warning("%s", error)


def retry_unreachable_cards(tx: Transaction) -> None:
    for card in tx.outbox.unreachable_cards():
        card.request_update(at=tx.now)


def delete_old_rows(tx: Transaction) -> None:
    tx.inbox.forget_old()
    tx.drafts.forget_old()
