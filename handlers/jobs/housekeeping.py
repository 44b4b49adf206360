"""Forget what is old."""

from bot.people import WorkspaceId
from storage import Store, Transaction


async def forget_old(store: Store, workspace: WorkspaceId) -> None:
    await store.of(workspace).run(forget)


async def forget_nonces(store: Store, workspace: WorkspaceId) -> None:
    """There is one for every request, and they are good for minutes."""
    await store.of(workspace).run(lambda tx: tx.nonces.forget_old())


def forget(tx: Transaction) -> None:
    tx.inbox.forget_old()
    tx.drafts.forget_old()
