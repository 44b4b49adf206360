"""Inserts of rows that may exist. SQLAlchemy has no common upsert, so there is one per dialect."""

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(table: Table) -> dict[str, Insert]:
    """Return an ``INSERT ... ON CONFLICT DO NOTHING`` for each dialect, by its name.

    Build it once per module: building a statement costs more than running it.
    """
    return {
        "postgresql": postgresql.insert(table).on_conflict_do_nothing(),
        "sqlite": sqlite.insert(table).on_conflict_do_nothing(),
    }


def insert_or_update(table: Table, *changing: str) -> dict[str, Insert]:
    """Return an upsert for each dialect that updates the columns ``changing`` of existing rows."""
    key = [column.name for column in table.primary_key]
    on_postgres, on_sqlite = postgresql.insert(table), sqlite.insert(table)
    return {
        "postgresql": on_postgres.on_conflict_do_update(
            index_elements=key, set_={name: on_postgres.excluded[name] for name in changing}
        ),
        "sqlite": on_sqlite.on_conflict_do_update(
            index_elements=key, set_={name: on_sqlite.excluded[name] for name in changing}
        ),
    }
