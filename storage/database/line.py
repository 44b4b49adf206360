"""Where transactions wait for their turn, and the threads that run them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from bot.errors import Busy, ChangedMeanwhile

T = TypeVar("T")

IN_TIME = 2.0
"""Seconds that a transaction waits for its turn: Slack waits three in all."""

AGAIN = {"40001", "40P01"}  # PostgreSQL: could not serialize, deadlock
LOCKED = {"55P03"}  # PostgreSQL: no lock in time

NO_ROOM = {"53100", "25006"}  # PostgreSQL: disk full, read only
NO_ROOM_IN_SQLITE = ("disk is full", "readonly database", "disk I/O error")
AWAY_IN_SQLITE = ("unable to open", "is locked", *NO_ROOM_IN_SQLITE)


class Line:
    """One thread for each connection; who comes first is served first."""

    def __init__(self, engine: Engine, threads: int, name: str) -> None:
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def run(self, work: Callable[[Session], T]) -> T:
        """Call ``work`` in a transaction of its own.

        Raises:
            Busy: its turn, or a lock, did not come in time. Nothing was done.
            ChangedMeanwhile: another transaction was first, twice. Nothing was done.
        """
        turn = self._threads.submit(self._transact, work)
        ended = asyncio.wrap_future(turn)
        try:
            await asyncio.wait([ended], timeout=IN_TIME)
        except asyncio.CancelledError:  # nobody waits for it any more
            turn.cancel()
            raise
        if turn.cancel():  # not once it has begun: then we wait for its end
            raise Busy
        return await ended

    def close(self) -> None:
        self._threads.shutdown()

    def _transact(self, work: Callable[[Session], T]) -> T:
        try:
            return self._once(work)
        except (StaleDataError, IntegrityError):
            return self._once_more(work)
        except DBAPIError as error:
            if _sqlstate(error) not in AGAIN and not error.connection_invalidated:
                raise _in_our_words(error) from error
            return self._once_more(work)

    def _once(self, work: Callable[[Session], T]) -> T:
        with self._sessions.begin() as session:
            return work(session)

    def _once_more(self, work: Callable[[Session], T]) -> T:
        try:
            return self._once(work)
        except StaleDataError as error:
            raise ChangedMeanwhile from error
        except DBAPIError as error:
            raise _in_our_words(error) from error


def takes_nothing(error: DBAPIError) -> bool:
    """Whether the disk is full, or the database may only be read."""
    said = str(error.orig)
    return _sqlstate(error) in NO_ROOM or any(words in said for words in NO_ROOM_IN_SQLITE)


def why_away(error: BaseException | None) -> str:
    """What a database says that is away or full, in a line; empty if the error is another."""
    if not isinstance(error, OperationalError):
        return ""
    said = str(error.orig).partition("\n")[0]
    of_a_server = hasattr(error.orig, "sqlstate")  # SQLite counts mistakes of ours as well
    return said if of_a_server or any(words in said for words in AWAY_IN_SQLITE) else ""


def _in_our_words(error: DBAPIError) -> Exception:
    state = _sqlstate(error)
    if state in LOCKED or "database is locked" in str(error.orig):
        return Busy()
    return ChangedMeanwhile() if state in AGAIN else error


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
