"""Replay protection for requests that change nothing."""

import asyncio

from storage import WorkspaceStore
from storage.requests.current_request import outside_request


class ReplayGuard:
    """Stores each request's nonce once.

    A request that changes something stores its nonce in its own transaction; the others share
    commits here: while one commit runs, the nonces of the next one are collected.
    """

    def __init__(self, store: WorkspaceStore) -> None:
        self._store = store
        self._batch: set[str] | None = None
        self._commit: asyncio.Task[set[str]] | None = None

    async def is_first(self, nonce: str) -> bool:
        """Store the nonce and return whether it is new.

        Raises:
            BotError: the transaction failed. Slack may send the request again.
        """
        if self._batch is None or self._commit is None:
            self._batch = set()
            with outside_request():
                keep = self._keep(self._batch, after=self._commit)
                self._commit = asyncio.create_task(keep)
        if nonce in self._batch:
            return False
        self._batch.add(nonce)
        # Shielded: others wait for the same commit, and one timeout must not cancel it.
        return nonce in await asyncio.shield(self._commit)

    async def _keep(self, nonces: set[str], *, after: asyncio.Task[set[str]] | None) -> set[str]:
        if after is not None:
            await asyncio.wait([after])
        self._batch = None  # later requests join the next commit
        return await self._store.run(lambda tx: tx.nonces.use(*nonces))
