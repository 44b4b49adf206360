"""Inserting new objects: fills in the workspace and opens a lane for each message."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import FromClause, insert, inspect
from sqlalchemy.orm import (
    Mapper,
    RelationshipDirection,
    RelationshipProperty,
    Session,
    make_transient_to_detached,
    object_mapper,
)

from storage.audit import note_steps
from storage.sending.outbox import open_lanes
from storage.tables import metadata

# Sorted by foreign keys: a table comes after the tables that it refers to.
INSERTS = {table: insert(table) for table in metadata.sorted_tables}


def insert_new(session: Session, thing: object) -> None:
    """Insert an object and every new object that it refers to, and attach them to the session.

    Does the work of ``session.add`` and ``flush`` in a third of the time, because it need not
    find out what has changed: every column is new.
    """
    new = _new_with(thing)
    prepare(session, new)
    note_steps(session, new)
    for one in new:
        _fill_in_keys(one)
    rows: dict[FromClause, list[dict[str, Any]]] = defaultdict(list)
    for one in new:
        table, columns = _table_and_columns(object_mapper(one))
        # vars(), not getattr(): a missing value must fail here instead of being stored as NULL.
        rows[table].append({name: vars(one)[name] for name in columns})
    for table, statement in INSERTS.items():
        if table in rows:
            session.connection().execute(statement, rows[table])
    for one in new:
        make_transient_to_detached(one)
    session.add(thing)


def prepare(session: Session, things: Iterable[Any]) -> None:
    """Set the workspace of new objects, which ``bot`` knows nothing of, and open their lanes."""
    for thing in things:
        thing.workspace = session.info["workspace"]
    open_lanes(session, things)


def _new_with(thing: object) -> list[Any]:
    related = object_mapper(thing).cascade_iterator("save-update", inspect(thing))
    return [thing, *(one for one, _, state, _ in related if state.transient)]


def _fill_in_keys(one: Any) -> None:
    """Copy foreign keys from the relationships, as a flush would, and set version 1."""
    mapper = object_mapper(one)
    if mapper.version_id_col is not None:
        setattr(one, str(mapper.version_id_col.key), 1)
    for relation in mapper.relationships:
        to_one = relation.direction is RelationshipDirection.MANYTOONE
        for other in _related(one, relation):
            source, target = (other, one) if to_one else (one, other)
            for source_column, target_column in relation.synchronize_pairs:
                setattr(target, str(target_column.key), getattr(source, str(source_column.key)))


def _related(one: object, relation: RelationshipProperty[Any]) -> list[Any]:
    found = getattr(one, relation.key)
    if relation.uselist:
        return list(found)
    return [] if found is None else [found]


@cache
def _table_and_columns(mapper: Mapper[Any]) -> tuple[FromClause, tuple[str, ...]]:
    table = mapper.local_table
    return table, tuple(column.key for column in table.columns)
