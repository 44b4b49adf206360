"""Delete expired rows, and retry cards that could not be posted."""

from bot.people import WorkspaceId
from storage import Store, Transaction


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


def retry_unreachable_cards(tx: Transaction) -> None:
    for card in tx.outbox.unreachable_cards():
        card.request_update(at=tx.now)


def delete_old_rows(tx: Transaction) -> None:
    tx.inbox.forget_old()
    tx.drafts.forget_old()
