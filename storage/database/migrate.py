"""Database migrations. Safe to run repeatedly, and from several hosts at once."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from storage.database.engines import read_url
from storage.database.sqlite_file import create_private, file_of

ADVISORY_LOCK = 0x6261746F6E  # "baton" in ASCII


def migrate(database_url: str) -> None:
    """Run all pending migrations. A second process waits until the first has finished."""
    url = read_url(database_url)
    if (file := file_of(url)) is not None and not file.exists():
        create_private(file)
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        _lock(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    engine.dispose()


def behind(engine: Engine) -> bool:
    """Return whether the database has pending migrations."""
    with engine.connect() as connection:
        return is_behind(connection)


def is_behind(connection: Connection) -> bool:
    """Return whether the database has pending migrations.

    It has none if its revision is unknown here: then a newer version migrated it, during a rolling
    upgrade, and this one can still use it.
    """
    current = MigrationContext.configure(connection).get_current_revision()
    return current is None or current in _older_revisions()


@cache
def _older_revisions() -> frozenset[str]:
    scripts = ScriptDirectory.from_config(_config())
    known = {script.revision for script in scripts.walk_revisions()}
    return frozenset(known - set(scripts.get_heads()))


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
    else:
        connection.exec_driver_sql("PRAGMA busy_timeout=30000")
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config
