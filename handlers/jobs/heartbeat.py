"""The heartbeat: each process writes every few seconds that it runs, and so learns that it can."""

import asyncio
import logging
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import BotError, Busy, CannotSave, ChangedMeanwhile
from bot.people import WorkspaceId
from bot.processes import Process, ProcessPart
from storage import Store
from storage.database.line import reason_not_written
from storage.due import Due

log = logging.getLogger(__name__)

EVERY_SECONDS, AGAIN_SECONDS = 10.0, 2.0
"""Between two beats, and after one that failed."""

STALE_SECONDS = 35.0
"""After three missed beats the database does not answer in time."""

RESERVE_BYTES = 1 << 15
"""Written with each beat and removed again: as much as a long form. A few changed bytes would still
find room on a disk that is full for everything else.
"""

STARTING = "starting"
NO_ANSWER = "the database does not answer"
OLD_SCHEMA = "the schema is older than this version; run: baton migrate"


def this_process(parts: tuple[ProcessPart, ...], at: datetime) -> Process:
    """Describe the process that calls this."""
    host = socket.gethostname()
    id_ = f"{host}:{os.getpid()}:{secrets.token_hex(2)}"  # in containers, host and pid can repeat
    return Process(id_, host, parts, _version(), at, at)


def _version() -> str:
    try:
        return version("baton")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "unknown"


class Heartbeat:
    """Writes this process's row. ``problem`` is why the process cannot do its work, or empty.

    ``elapsed`` counts seconds and never jumps.
    """

    def __init__(
        self,
        store: Store,
        workspace: WorkspaceId,
        parts: tuple[ProcessPart, ...],
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._ours, self._elapsed = store, store.of(workspace), elapsed
        self._process = this_process(parts, store.clock())
        self._failure, self._written_at = STARTING, 0.0

    @property
    def problem(self) -> str:
        if self._failure:
            return self._failure
        stale = self._elapsed() - self._written_at > STALE_SECONDS
        return NO_ANSWER if stale else ""

    async def beat(self) -> None:
        """Write the row, and note whether that worked."""
        before = self._failure
        try:
            self._failure = await self._write()
        except (Busy, ChangedMeanwhile):
            return  # if that lasts, the last beat becomes stale
        except Exception:  # one failed beat must not end the others
            log.exception("the heartbeat failed; the next one tries again")
            self._failure = NO_ANSWER
        if self._failure not in ("", before):
            log.error("this process cannot do its work: %s", self._failure)

    async def end(self) -> None:
        """Remove the row: the process stops as it should."""
        with suppress(BotError, SQLAlchemyError):
            await self._ours.run(lambda tx: tx.processes.remove(self._process))

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Write now and then every few seconds, until the block ends."""
        await self.beat()
        leaving = asyncio.Event()
        beats = asyncio.create_task(self._beat_until(leaving))
        try:
            yield
        finally:
            leaving.set()
            await beats  # to the end: a beat after the removal would bring the row back
            await self.end()

    async def _beat_until(self, leaving: asyncio.Event) -> None:
        while True:
            try:
                async with asyncio.timeout(AGAIN_SECONDS if self._failure else EVERY_SECONDS):
                    await leaving.wait()
                    return
            except TimeoutError:
                await self.beat()

    async def _write(self) -> str:
        """Write the row with and without the reserve; return the problem, or an empty string.

        Raises:
            Busy: no thread or no lock was free in time.
            ChangedMeanwhile: another transaction changed the same row, twice.
        """
        reserve = secrets.token_hex(RESERVE_BYTES // 2)  # PostgreSQL would compress zeros
        try:
            await self._ours.run(lambda tx: tx.processes.beat(self._process, reserve=reserve))
            await self._ours.run(lambda tx: tx.processes.beat(self._process))
            is_behind = await self._store.query_all(Due.schema_is_behind)
        except CannotSave as error:
            return reason_not_written(error.__cause__)
        except SQLAlchemyError:
            return NO_ANSWER
        self._written_at = self._elapsed()
        return OLD_SCHEMA if is_behind else ""
