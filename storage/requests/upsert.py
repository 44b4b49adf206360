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


def insert_or_update(
    table: Table, *changing: str, newest_by: str | None = None
) -> dict[str, Insert]:
    """Return an upsert for each dialect that updates the columns ``changing`` of existing rows.

    With ``newest_by``, a row stays as it is if its value in that column is newer.
    """
    key = [column.name for column in table.primary_key]
    upserts: dict[str, Insert] = {}
    for dialect, new in (("postgresql", postgresql.insert), ("sqlite", sqlite.insert)):
        row = new(table)
        newest = None if newest_by is None else table.c[newest_by] <= row.excluded[newest_by]
        upserts[dialect] = row.on_conflict_do_update(
            index_elements=key, set_={name: row.excluded[name] for name in changing}, where=newest
        )
    return upserts
