"""Keeping what is new: in the workspace of its transaction, and with a lane for each message."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import FromClause, event, insert, inspect
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

INSERTS = {table: insert(table) for table in metadata.sorted_tables}  # what is referred to, first


def insert_new(session: Session, thing: object) -> None:
    """Insert a thing, and all that is new with it; from now on the session knows them.

    This is ``session.add`` and ``flush`` in a third of the time. Those weigh for each object
    what may have changed, and here it is known: everything.
    """
    new = _new_with(thing)
    _prepare(session, new)
    note_steps(session, new)
    for one in new:
        _refer(one)
    rows: dict[FromClause, list[dict[str, Any]]] = defaultdict(list)
    for one in new:
        table, columns = _kept_in(object_mapper(one))
        rows[table].append({name: vars(one)[name] for name in columns})  # none may be forgotten
    for table, statement in INSERTS.items():
        if table in rows:
            session.connection().execute(statement, rows[table])
    for one in new:
        make_transient_to_detached(one)
    session.add(thing)


@event.listens_for(Session, "before_flush")
def _before_flush(session: Session, *_: object) -> None:
    _prepare(session, session.new)
    note_steps(session, [*session.new, *session.dirty])


def _prepare(session: Session, things: Iterable[Any]) -> None:
    """What is new belongs to the workspace of its transaction; nothing in bot carries one."""
    for thing in things:
        thing.workspace = session.info["workspace"]
    open_lanes(session, things)


def _new_with(thing: object) -> list[Any]:
    hanging = object_mapper(thing).cascade_iterator("save-update", inspect(thing))
    return [thing, *(one for one, _, state, _ in hanging if state.transient)]


def _refer(one: Any) -> None:
    """Write into the columns what the relationships say, and that this is the first version."""
    mapper = object_mapper(one)
    if mapper.version_id_col is not None:
        setattr(one, str(mapper.version_id_col.key), 1)
    for relation in mapper.relationships:
        to_one = relation.direction is RelationshipDirection.MANYTOONE
        for other in _others(one, relation):
            source, target = (other, one) if to_one else (one, other)
            for theirs, ours in relation.synchronize_pairs:
                setattr(target, str(ours.key), getattr(source, str(theirs.key)))


def _others(one: object, relation: RelationshipProperty[Any]) -> list[Any]:
    found = getattr(one, relation.key)
    if relation.uselist:
        return list(found)
    return [] if found is None else [found]


@cache
def _kept_in(mapper: Mapper[Any]) -> tuple[FromClause, tuple[str, ...]]:
    """The table of a class, and the names of its columns."""
    table = mapper.local_table
    return table, tuple(column.key for column in table.columns)
