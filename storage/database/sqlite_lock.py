"""One process to a SQLite file: it is whole, it is the original, and nobody else works on it."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from storage.database.engines import read_url


class BadDatabase(Exception):
    """Its words tell an operator what to do."""


@contextmanager
def sqlite_lock(url: str, *, restored: bool = False) -> Iterator[None]:
    """Keep other processes away from a SQLite file until the block ends; PostgreSQL is shared.

    ``restored`` says that the file is there, and may be a copy.

    Raises:
        BadDatabase: another process is at work on it; it is damaged; it is a copy, or not there.
    """
    if (file := file_of(url)) is None:
        yield
        return
    if restored and not file.exists():
        raise BadDatabase(f"{file} is not there. Put the backup in its place first.")
    lock = file.with_name(f"{file.name}.lock")
    with _opened(lock) as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadDatabase(
                f"Another Baton is at work on {file}: it holds {lock}. Stop that one first; "
                "for several processes set DATABASE_URL to PostgreSQL."
            ) from None
        _check(file, may_be_copy=restored)
        yield


def adopt(url: str) -> None:
    """Take a file for the original from now on, wherever it came from."""
    if (file := file_of(url)) is not None:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(f"PRAGMA user_version = {_mark(file)}")


def file_of(url: str) -> Path | None:
    """The SQLite file of a database; None if it is in memory, or is PostgreSQL."""
    read = read_url(url)
    if read.get_backend_name() != "sqlite" or read.database in (None, "", ":memory:"):
        return None
    return Path(str(read.database)).absolute()


@contextmanager
def _opened(lock: Path) -> Iterator[int]:
    try:
        held = lock.open("a")
    except OSError as error:
        raise BadDatabase(f"DATABASE_URL: {lock} cannot be written ({error.strerror}).") from None
    with held:
        yield held.fileno()


def _check(file: Path, *, may_be_copy: bool) -> None:
    if not file.exists() or file.stat().st_size == 0:
        return  # it is about to be made
    try:
        with closing(sqlite3.connect(file)) as connection:
            [[found], *_] = connection.execute("PRAGMA quick_check(1)").fetchall()
            [mark] = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        found, mark = str(error), 0
    if found != "ok":
        raise BadDatabase(
            f"{file} is damaged ({found}). Put your last backup in its place, and run: "
            "baton restored"
        )
    if mark not in (0, _mark(file)) and not may_be_copy:
        raise BadDatabase(
            f"{file} is a copy. If the Baton of the first one still ran, both would write to the "
            "same people. If that is over for good, run: baton migrate --adopt. If it is a backup "
            "that you put back, run: baton restored"
        )
    adopt(f"sqlite:///{file}")


def _mark(file: Path) -> int:
    """What a copy cannot have: the number of the file itself, as far as SQLite has room for it."""
    return file.stat().st_ino % 0x7FFFFFFF or 1
