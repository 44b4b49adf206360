"""Copies of a database, of either kind and of any revision."""

from sqlalchemy import column, create_engine, insert, inspect, select, table

from storage.database.engines import read_url
from storage.tables import metadata


def copy_rows(source: str, target: str) -> None:
    """Copy all rows into a database of an older revision, as far as it has the columns."""
    here, there = create_engine(read_url(source)), create_engine(read_url(target))
    with here.connect() as reading, there.begin() as writing:
        known = inspect(writing)
        for name in [it.name for it in metadata.sorted_tables if known.has_table(it.name)]:
            columns = {it["name"] for it in known.get_columns(name)}
            ours = [it.name for it in metadata.tables[name].columns if it.name in columns]
            plain = table(name, *map(column, ours))  # values as they are stored
            if rows := reading.execute(select(plain)).mappings().all():
                writing.execute(insert(plain), [dict(row) for row in rows])
    here.dispose()
    there.dispose()
