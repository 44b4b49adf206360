"""Opening a database: which driver, how many connections, how SQLite is set."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection

LOCK_MILLISECONDS = 800
"""How long a transaction waits for a lock: Slack waits three seconds in all."""

POSTGRES_OPTIONS = f"-c lock_timeout={LOCK_MILLISECONDS} -c timezone=UTC"


@dataclass(frozen=True)
class Database:
    """Two ways to the same rows: ``writing`` changes them, ``reading`` cannot."""

    url: URL
    writing: Engine
    writers: int
    reading: Engine
    readers: int

    def dispose(self) -> None:
        self.writing.dispose()
        self.reading.dispose()


def read_url(text: str) -> URL:
    """SQLAlchemy's form, or Heroku's ``postgres://``.

    Raises:
        sqlalchemy.exc.ArgumentError: it is neither.
    """
    url = make_url(text.replace("postgres://", "postgresql://", 1))
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return url


def open_database(text: str) -> Database:
    url = read_url(text)
    if url.get_backend_name() == "sqlite":
        # One writer: of two that read first and write later, SQLite refuses one at once,
        # whatever its timeout says.
        writing, reading = _sqlite(url, 1, "BEGIN IMMEDIATE"), _sqlite(url, 2, "BEGIN", look=True)
        return Database(url, writing, 1, reading, 2)
    return Database(url, _postgres(url, 4), 4, _postgres(url, 2, look=True), 2)


def _sqlite(url: URL, connections: int, begin: str, *, look: bool = False) -> Engine:
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # an error is logged, and what a customer wrote is not
        connect_args={"timeout": LOCK_MILLISECONDS / 1000, "check_same_thread": False},
    )
    event.listen(engine, "connect", _set_sqlite(look=look))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _set_sqlite(*, look: bool) -> Callable[[DBAPIConnection, Any], None]:
    def set_up(connection: DBAPIConnection, _record: Any) -> None:
        connection.isolation_level = None  # sqlite3's own BEGIN: we say it ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        if look:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    return set_up


def _postgres(url: URL, connections: int, *, look: bool = False) -> Engine:
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # an error is logged, and what a customer wrote is not
        pool_pre_ping=True,  # a restarted server costs a look, not a person's request
        connect_args={"options": POSTGRES_OPTIONS, "connect_timeout": 2},
        execution_options={"postgresql_readonly": look},
    )
