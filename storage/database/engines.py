"""Opening a database: drivers, connection pools and SQLite settings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection

LOCK_MILLISECONDS = 800
"""How long a transaction waits for a lock. Slack allows three seconds for the whole request."""

POSTGRES_OPTIONS = f"-c lock_timeout={LOCK_MILLISECONDS} -c timezone=UTC"


@dataclass(frozen=True)
class Database:
    """Two engines for one database: ``writing``, and ``reading``, which is read-only."""

    url: URL
    writing: Engine
    writers: int
    reading: Engine
    readers: int

    def dispose(self) -> None:
        self.writing.dispose()
        self.reading.dispose()


def read_url(text: str) -> URL:
    """Parse a database URL in SQLAlchemy's form or as Heroku writes it (``postgres://``).

    Raises:
        sqlalchemy.exc.ArgumentError: it is not a database URL.
    """
    url = make_url(text.replace("postgres://", "postgresql://", 1))
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return url


def open_database(text: str) -> Database:
    url = read_url(text)
    if url.get_backend_name() == "sqlite":
        # SQLite has one writer at a time. BEGIN IMMEDIATE takes the write lock at the start: a
        # deferred transaction that reads first and writes later fails with SQLITE_BUSY at once,
        # without waiting for the timeout.
        writing = _sqlite(url, 1, "BEGIN IMMEDIATE")
        reading = _sqlite(url, 2, "BEGIN", read_only=True)
        return Database(url, writing, 1, reading, 2)
    return Database(url, _postgres(url, 4), 4, _postgres(url, 2, read_only=True), 2)


def _sqlite(url: URL, connections: int, begin: str, *, read_only: bool = False) -> Engine:
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # errors are logged, but customer data must not be
        connect_args={"timeout": LOCK_MILLISECONDS / 1000, "check_same_thread": False},
    )
    event.listen(engine, "connect", _set_sqlite(read_only=read_only))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _set_sqlite(*, read_only: bool) -> Callable[[DBAPIConnection, Any], None]:
    def set_up(connection: DBAPIConnection, _record: Any) -> None:
        connection.isolation_level = None  # stops sqlite3 from sending a BEGIN of its own
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    return set_up


def _postgres(url: URL, connections: int, *, read_only: bool = False) -> Engine:
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # errors are logged, but customer data must not be
        pool_pre_ping=True,  # after a server restart no request gets a dead connection
        connect_args={"options": POSTGRES_OPTIONS, "connect_timeout": 2},
        execution_options={"postgresql_readonly": read_only},
    )
