"""The file of a SQLite database: where it is, and who can read it."""

import stat
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL

OWNER_ONLY = 0o600


def file_of(url: URL) -> Path | None:
    """Return the path of a SQLite file; None for PostgreSQL and for databases in memory."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database)).absolute()


def create_private(file: Path) -> None:
    """Create an empty file that only its owner can read: it will hold customers' data.

    SQLite gives the files that it puts next to it the same mode. If the file cannot be created,
    opening it reports why.
    """
    with suppress(OSError):
        file.touch(mode=OWNER_ONLY)


def is_exposed(file: Path) -> bool:
    """Return whether other users of this machine can read the file."""
    return file.exists() and bool(file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
