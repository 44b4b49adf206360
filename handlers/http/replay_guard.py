"""Whether a request that changes nothing is asked for the first time."""

import asyncio

from storage import Transaction, WorkspaceStore
from storage.requests.current_request import outside_request


class ReplayGuard:
    """Many are kept in one commit: while one is under way, the next one gathers."""

    def __init__(self, ours: WorkspaceStore) -> None:
        self._ours = ours
        self._gathered: set[str] | None = None
        self._keeping: asyncio.Task[set[str]] | None = None

    async def is_first(self, nonce: str) -> bool:
        """Raises what a transaction may: then nobody knows, and it may be asked again."""
        if self._gathered is None or self._keeping is None:
            self._gathered = set()
            with outside_request():
                keep = self._keep(self._gathered, after=self._keeping)
                self._keeping = asyncio.create_task(keep)
        if nonce in self._gathered:
            return False
        self._gathered.add(nonce)
        return nonce in await asyncio.shield(self._keeping)

    async def _keep(self, nonces: set[str], *, after: asyncio.Task[set[str]] | None) -> set[str]:
        if after is not None:
            await asyncio.wait([after])
        self._gathered = None  # whoever comes from here on is in the next one
        return await self._ours.run(keep_nonces, nonces)


def keep_nonces(tx: Transaction, nonces: set[str]) -> set[str]:
    return tx.nonces.use(*nonces)
