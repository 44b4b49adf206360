"""A lock on the SQLite file: one process at a time, and only on an intact, original file."""

import fcntl
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.messages import N_
from storage.database.bad_database import BadDatabase
from storage.database.engines import read_url
from storage.database.sqlite_file import OWNER_ONLY, file_of
from storage.database.sqlite_mark import has_foreign_wal, is_current, renew_mark


@contextmanager
def sqlite_lock(url: str, *, adopt: bool = False) -> Iterator[None]:
    """Check a SQLite file and hold an exclusive lock on it until the block ends.

    With ``adopt``, the file may be a copy or a backup. It counts as the original once the block
    has ended without an error. Does nothing for PostgreSQL and for databases in memory.

    Raises:
        BadDatabase: another process uses the file, or it is damaged, a copy or a backup.
    """
    if (file := file_of(read_url(url))) is None:
        yield
        return
    with _locked(file):
        _check_wal(file)
        _check_intact(file)
        if not adopt:
            _check_original(file)
            renew_mark(file)
        yield
        renew_mark(file)


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    locked = _file_to_lock(file)
    try:
        held = os.open(locked, os.O_RDWR | os.O_CREAT, OWNER_ONLY)
    except OSError as error:
        raise BadDatabase(
            N_(
                "Cannot write {file} ({reason}). Check DATABASE_URL and the permissions of the "
                "folder."
            ),
            file=str(locked),
            reason=str(error.strerror),
        ) from None
    try:
        _lock(held, file)
        yield
    finally:
        os.close(held)


def _lock(held: int, file: Path) -> None:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BadDatabase(
            N_(
                "Another Baton process is using {file}. Stop it first. To run several processes, "
                "set DATABASE_URL to a PostgreSQL database."
            ),
            file=str(file),
        ) from None


def _file_to_lock(file: Path) -> Path:
    """Return the file to lock for a database, which may have several names."""
    if sys.platform == "linux":
        # The database itself: a symlink, a hard link and a bind mount lead to the same file. On
        # Linux, flock is independent of the fcntl locks that SQLite sets. But closing any
        # descriptor of a file drops the fcntl locks of the whole process, so this one is opened
        # before SQLite opens the file, and closed after; nothing else may open it in between.
        return file
    # On macOS and BSD, flock and fcntl locks block each other, so the lock needs its own file.
    original = file.resolve()
    return original.with_name(f"{original.name}.lock")


def _check_wal(file: Path) -> None:
    if has_foreign_wal(file):
        raise BadDatabase(
            N_(
                "{file} was replaced, but {file}-wal is left from the database before it. Delete "
                "{file}-wal and {file}-shm, then run: baton restored. If you put back both files "
                'together, run this first: sqlite3 {file} "PRAGMA wal_checkpoint(TRUNCATE)"'
            ),
            file=str(file),
        )


def _check_intact(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as connection:
            [[found], *_] = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise BadDatabase(
            N_(
                "{file} is damaged ({problem}). Replace it with your latest backup, then run: "
                "baton restored"
            ),
            file=str(file),
            problem=str(found),
        )


def _check_original(file: Path) -> None:
    if not is_current(file):
        raise BadDatabase(
            N_(
                "{file} is not the database that Baton used here last: it is a restored backup or "
                "a copy. If you restored a backup, run: baton restored. If you moved the database "
                "here and nothing uses the original any more, run: baton migrate --adopt"
            ),
            file=str(file),
        )
