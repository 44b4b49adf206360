"""Keeping what is new: in the workspace of its transaction, and with a lane for each message."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, insert, inspect
from sqlalchemy.orm import (
    RelationshipDirection,
    RelationshipProperty,
    Session,
    make_transient_to_detached,
    object_mapper,
)

from storage.audit import note_steps
from storage.metadata import metadata
from storage.outbox import open_lanes

INSERTS = {table: insert(table) for table in metadata.sorted_tables}  # what is referred to, first


def keep_new(session: Session, thing: object) -> None:
    """Insert a thing, and all that is new with it; from now on the session knows them.

    This is ``session.add`` and ``flush`` in a third of the time. Those weigh for each object
    what may have changed, and here it is known: everything.
    """
    new = _new_with(thing)
    _prepare(session, new)
    note_steps(session, new)
    for one in new:
        _refer(one)
    connection = session.connection()
    for table, statement in INSERTS.items():
        if rows := [_row(one) for one in new if object_mapper(one).local_table is table]:
            connection.execute(statement, rows)
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


def _row(one: object) -> dict[str, Any]:
    """Each column: one that is forgotten is an error, and not a null."""
    return {column.key: vars(one)[column.key] for column in object_mapper(one).local_table.columns}
