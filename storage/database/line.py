"""A queue of transactions, and the threads that run them."""

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
"""Seconds a transaction may wait for a thread. Slack allows three for the whole request."""

RETRYABLE = {"40001", "40P01"}  # PostgreSQL: serialization_failure, deadlock_detected
LOCKED = {"55P03"}  # PostgreSQL: lock_not_available

DISK_FULL = "53100"  # PostgreSQL: disk_full
READ_ONLY = {DISK_FULL, "25006"}  # PostgreSQL: read_only_sql_transaction
READ_ONLY_IN_SQLITE = ("disk is full", "readonly database", "disk I/O error")
UNAVAILABLE_IN_SQLITE = ("unable to open", "is locked", *READ_ONLY_IN_SQLITE)


class Line:
    """A first-in, first-out queue of transactions with one thread for each connection."""

    def __init__(self, engine: Engine, threads: int, name: str) -> None:
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def run(self, work: Callable[[Session], T]) -> T:
        """Call ``work`` in a transaction of its own, and a second time if that loses a race.

        Raises:
            Busy: no thread or no lock was free in time. Nothing was changed.
            ChangedMeanwhile: another transaction changed the same rows, twice. Nothing was changed.
        """
        turn = self._threads.submit(self._transact, work)
        ended = asyncio.wrap_future(turn)
        try:
            await asyncio.wait([ended], timeout=IN_TIME)
        except asyncio.CancelledError:  # the caller no longer needs the result
            turn.cancel()
            raise
        if turn.cancel():  # False once it runs: its result must not be lost, so wait for it
            raise Busy
        return await ended

    def close(self) -> None:
        self._threads.shutdown()

    def _transact(self, work: Callable[[Session], T]) -> T:
        try:
            return self._once(work)
        except (StaleDataError, IntegrityError):
            return self._retry(work)
        except DBAPIError as error:
            if _sqlstate(error) not in RETRYABLE and not error.connection_invalidated:
                raise _translate(error) from error
            return self._retry(work)

    def _once(self, work: Callable[[Session], T]) -> T:
        with self._sessions.begin() as session:
            return work(session)

    def _retry(self, work: Callable[[Session], T]) -> T:
        try:
            return self._once(work)
        except StaleDataError as error:
            raise ChangedMeanwhile from error
        except DBAPIError as error:
            raise _translate(error) from error


def cannot_write(error: DBAPIError) -> bool:
    """Return whether the disk is full or the database is read-only."""
    message = str(error.orig)
    return _sqlstate(error) in READ_ONLY or any(it in message for it in READ_ONLY_IN_SQLITE)


def reason_not_written(error: BaseException | None) -> str:
    """Return why ``cannot_write`` holds."""
    message = str(getattr(error, "orig", error))
    full = _sqlstate(error) == DISK_FULL or "disk is full" in message
    return "the disk is full" if full else "the database is read-only"


def unavailable_reason(error: BaseException | None) -> str:
    """Return the first line of an error that means the database is unavailable or full.

    Empty for every other error.
    """
    if not isinstance(error, OperationalError):
        return ""
    message = str(error.orig).partition("\n")[0]
    # SQLite raises OperationalError for faulty SQL as well; PostgreSQL's drivers do not.
    from_postgres = hasattr(error.orig, "sqlstate")
    unavailable = from_postgres or any(it in message for it in UNAVAILABLE_IN_SQLITE)
    return message if unavailable else ""


def _translate(error: DBAPIError) -> Exception:
    state = _sqlstate(error)
    if state in LOCKED or "database is locked" in str(error.orig):
        return Busy()
    return ChangedMeanwhile() if state in RETRYABLE else error


def _sqlstate(error: BaseException | None) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)
