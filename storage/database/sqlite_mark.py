"""Marks that tell the database that Baton used last from a copy or a restored backup.

The mark is a random number, stored in the database and in a small file next to it. Both change when
Baton starts, every minute while it runs, and when it stops. A copy has no file next to it, and a
backup brings back an earlier number.
"""

import os
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.messages import N_
from storage.database.bad_database import BadDatabase
from storage.database.sqlite_file import OWNER_ONLY

LARGEST = 0x7FFFFFFF
"""SQLite's ``user_version`` is a signed 32-bit number. It is 0 until Baton sets it."""

PLACE_IN_HEADER = slice(60, 64)
"""Where a database file holds its ``user_version``: https://sqlite.org/fileformat.html"""

WAIT_SECONDS = 30


@dataclass(frozen=True)
class Marks:
    """The content of the file next to the database: marks that may be found there."""

    database: tuple[str, ...]
    header: tuple[str, ...]
    """In the file itself, which SQLite updates later: until then a new mark is in the WAL only."""


def is_current(file: Path) -> bool:
    """Return whether the database has the mark that was set last. An empty one needs none."""
    if file.stat().st_size == 0:
        return True
    with closing(sqlite3.connect(file, WAIT_SECONDS)) as connection:
        return _mark_in(connection) in _read(file).database


def has_foreign_wal(file: Path) -> bool:
    """Return whether the file was replaced, but not the WAL, in which SQLite logs changes.

    SQLite does not notice that, and would write the changes of the old file into the new one. Call
    this before SQLite opens the file.
    """
    wal = file.resolve().with_name(f"{file.resolve().name}-wal")
    if not wal.exists() or wal.stat().st_size == 0:
        return False
    with file.open("rb") as opened:
        header = opened.read(PLACE_IN_HEADER.stop)[PLACE_IN_HEADER]
    return str(int.from_bytes(header, "big")) not in _read(file).header


def renew_mark(file: Path) -> None:
    """Give the database a new mark.

    The file next to it lists both marks until the database has the new one, so that a crash at
    any point leaves a pair that agrees.

    Raises:
        BadDatabase: the disk is full, or the folder cannot be written.
    """
    mark = str(secrets.randbelow(LARGEST) + 1)
    try:
        with closing(sqlite3.connect(file, WAIT_SECONDS)) as connection:
            old = Marks((_mark_in(connection),), _read(file).header)
            _write(file, Marks((*old.database, mark), (*old.header, mark)))
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA user_version = {mark}")
            busy, logged, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        # While a reader needs the old pages, the header keeps an earlier mark.
        in_header = not busy and logged == moved
        _write(file, Marks((mark,), (mark,) if in_header else (*old.header, mark)))
    except (OSError, sqlite3.Error) as error:
        raise BadDatabase(
            N_("Cannot mark {file} as in use ({reason}). Check the disk and its permissions."),
            file=str(file),
            reason=str(error),
        ) from None


def _mark_in(connection: sqlite3.Connection) -> str:
    [mark] = connection.execute("PRAGMA user_version").fetchone()
    return str(mark)


def _side_file(file: Path) -> Path:
    original = file.resolve()
    return original.with_name(f"{original.name}.mark")


def _read(file: Path) -> Marks:
    side_file = _side_file(file)
    if not side_file.exists():
        # The first releases set the number of the inode, and had no file next to the database.
        first = ("0", str(file.stat().st_ino % LARGEST or 1))
        return Marks(first, first)
    database, _, header = side_file.read_text().partition("\n")
    return Marks(tuple(database.split()), tuple(header.split()))


def _write(file: Path, marks: Marks) -> None:
    """Replace the file next to the database in one step that survives a power failure."""
    side_file = _side_file(file)
    new = side_file.with_name(f"{side_file.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with os.fdopen(descriptor, "w") as writing:
        writing.write(f"{' '.join(marks.database)}\n{' '.join(marks.header)}\n")
        writing.flush()
        os.fsync(descriptor)
    new.replace(side_file)
    folder = os.open(side_file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
