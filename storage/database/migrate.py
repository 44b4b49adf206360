"""Database migrations. Safe to run repeatedly, and from several hosts at once."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text

from bot.messages import N_
from storage.database.bad_database import BadDatabase
from storage.database.engines import read_url
from storage.database.sqlite_file import create_private, file_of

ADVISORY_LOCK = 0x6261746F6E  # "baton" in ASCII


def migrate(database_url: str, *, to: str = "head") -> None:
    """Run all pending migrations, or those up to a revision.

    A second process waits until the first has finished.

    Raises:
        BadDatabase: a newer version of Baton has migrated the database.
    """
    url = read_url(database_url)
    if (file := file_of(url)) is not None and not file.exists():
        create_private(file)
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        _lock(connection)
        if is_behind(connection):
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, to)
        connection.commit()
    engine.dispose()


def is_behind(connection: Connection) -> bool:
    """Return whether the database has pending migrations.

    Raises:
        BadDatabase: a newer version of Baton has migrated the database.
    """
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in _revisions():
        raise BadDatabase(
            N_(
                "A newer version of Baton has changed the schema of this database (to {found}). "
                "Install that version again. To go back to this version, restore the backup that "
                "you made before the upgrade, then run: baton restored"
            ),
            found=found,
        )
    return found != _revisions()[0]


@cache
def _revisions() -> list[str]:
    """Return the revisions that this version knows, the newest first."""
    scripts = ScriptDirectory.from_config(_config())
    return [script.revision for script in scripts.walk_revisions()]


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
