"""A lock on the SQLite file: one process at a time, and only on an intact, original file."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.messages import N_
from storage.database.bad_database import BadDatabase
from storage.database.engines import read_url
from storage.database.sqlite_file import OWNER_ONLY, file_of


@contextmanager
def sqlite_lock(url: str, *, restored: bool = False) -> Iterator[None]:
    """Check a SQLite file and hold an exclusive lock on it until the block ends.

    With ``restored``, the file must exist and may be a copy. Does nothing for PostgreSQL and for
    databases in memory.

    Raises:
        BadDatabase: another process uses the file, or it is damaged, a copy or missing.
    """
    if (file := file_of(read_url(url))) is None:
        yield
        return
    if restored and not file.exists():
        raise BadDatabase(N_("{file} does not exist. Put your backup there first."), file=str(file))
    lock = file.with_name(f"{file.name}.lock")
    with _opened(lock) as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadDatabase(
                N_(
                    "Another Baton process is using {file} and holds the lock {lock}. Stop it "
                    "first. To run several processes, set DATABASE_URL to a PostgreSQL database."
                ),
                file=str(file),
                lock=str(lock),
            ) from None
        _check(file, may_be_copy=restored)
        yield


def adopt(url: str) -> None:
    """Declare the SQLite file to be the original, even if it is a copy."""
    if (file := file_of(read_url(url))) is not None:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(f"PRAGMA user_version = {_mark(file)}")


@contextmanager
def _opened(lock: Path) -> Iterator[int]:
    try:
        held = os.open(lock, os.O_WRONLY | os.O_CREAT, OWNER_ONLY)
    except OSError as error:
        raise BadDatabase(
            N_(
                "Cannot write {lock} ({reason}). Check DATABASE_URL and the permissions of the "
                "folder."
            ),
            lock=str(lock),
            reason=str(error.strerror),
        ) from None
    try:
        yield held
    finally:
        os.close(held)


def _check(file: Path, *, may_be_copy: bool) -> None:
    if not file.exists() or file.stat().st_size == 0:
        return  # the migrations will create it
    try:
        with closing(sqlite3.connect(file)) as connection:
            [[found], *_] = connection.execute("PRAGMA quick_check(1)").fetchall()
            [mark] = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        found, mark = str(error), 0
    if found != "ok":
        raise BadDatabase(
            N_(
                "{file} is damaged ({problem}). Replace it with your latest backup, then run: "
                "baton restored"
            ),
            file=str(file),
            problem=str(found),
        )
    if mark not in (0, _mark(file)) and not may_be_copy:
        raise BadDatabase(
            N_(
                "{file} is a copy of another database. If Baton still ran on the original, both "
                "would send messages to the same people. If the original is retired for good, run: "
                "baton migrate --adopt. If this is a restored backup, run: baton restored"
            ),
            file=str(file),
        )
    adopt(f"sqlite:///{file}")


def _mark(file: Path) -> int:
    """Return the inode number, which a copy does not share, cut to SQLite's 31 bits; never 0."""
    return file.stat().st_ino % 0x7FFFFFFF or 1
