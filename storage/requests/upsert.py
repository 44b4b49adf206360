"""Inserting what may be there already: each database has its own words for that."""

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(table: Table) -> dict[str, Insert]:
    """An insert that leaves a row alone that is there already, by the name of the database.

    Make it once for a module: a statement that is made anew costs more than it takes to run.
    """
    return {
        "postgresql": postgresql.insert(table).on_conflict_do_nothing(),
        "sqlite": sqlite.insert(table).on_conflict_do_nothing(),
    }


def insert_or_update(table: Table, *changing: str) -> dict[str, Insert]:
    """An insert that changes these columns of a row that is there already."""
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
