"""Forget what is old."""

from bot.people import WorkspaceId
from storage import Store, Transaction


async def forget_old(store: Store, workspace: WorkspaceId) -> None:
    await store.of(workspace).run(forget)


def forget(tx: Transaction) -> None:
    tx.inbox.forget_old()
    tx.drafts.forget_old()
