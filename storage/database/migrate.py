"""Bringing a database up to date. Safe to run twice, and from several places at once."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from storage.database.engines import read_url

ONE_AT_A_TIME = 0x6261746F6E  # the key of PostgreSQL's advisory lock: "baton"


def migrate(url: str) -> None:
    """Take every step that the database has not seen; the second of two waits for the first."""
    engine = create_engine(read_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        _take_turns(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    engine.dispose()


def behind(engine: Engine) -> bool:
    """Whether there are steps that this database has not seen."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() != newest


def _take_turns(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
    else:
        connection.exec_driver_sql("PRAGMA busy_timeout=30000")
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config
