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
