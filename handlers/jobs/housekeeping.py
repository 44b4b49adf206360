"""Forget what is old."""

from bot.people import WorkspaceId
from storage import Store, Transaction


async def forget_old(store: Store, workspace: WorkspaceId) -> None:
    await store.of(workspace).run(forget)


async def forget_nonces(store: Store, workspace: WorkspaceId) -> None:
    """There is one for every request, and they are good for minutes."""
    await store.of(workspace).run(lambda tx: tx.nonces.forget_old())


async def try_cards_again(store: Store, workspace: WorkspaceId) -> None:
    """Where Slack does not tell us that we may post again, we find out."""
    await store.of(workspace).run(retry_unreachable_cards)


def retry_unreachable_cards(tx: Transaction) -> None:
    for card in tx.outbox.unreachable_cards():
        card.request_update(at=tx.now)


def forget(tx: Transaction) -> None:
    tx.inbox.forget_old()
    tx.drafts.forget_old()
