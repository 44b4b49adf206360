"""A version number that grows with every change, and a way to wait for the next one."""

import asyncio


class Changes:
    def __init__(self) -> None:
        self.version = 1
        self._next = asyncio.Event()
        self._closed = False

    def happened(self) -> None:
        self.version += 1
        self._wake()

    def close(self) -> None:
        """Release all waiters, because the server is stopping."""
        self._closed = True
        self._wake()

    def reopen(self) -> None:
        self._closed = False

    async def after(self, version: int, within: float) -> int:
        """Return the version once it exceeds ``version``, or after ``within`` seconds."""
        try:
            async with asyncio.timeout(within):
                while self.version <= version and not self._closed:
                    await self._next.wait()
        except TimeoutError:
            pass
        return self.version

    def _wake(self) -> None:
        self._next.set()
        self._next = asyncio.Event()
