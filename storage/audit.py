"""The audit trail: a hash chain for each workspace, written in the transaction that it records.

Entries are appended just before the commit. The row lock on the head of the chain is therefore
held only while a transaction commits, and only other committing transactions wait for it.
"""

import json
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, bindparam, insert, inspect, select, update
from sqlalchemy.orm import Session, object_mapper
from sqlalchemy.sql.elements import KeyedColumnElement

from bot.audit import NOTHING, Decision, Entry, Link, commit, pseudonym, seal
from bot.case import Case
from bot.case.event import Event
from bot.case.permissions import Step
from bot.keys import RootKeys
from bot.people import CaseId, WorkspaceId
from bot.team.team import Revision
from storage.tables import audit, audit_heads

HEAD = select(audit_heads.c.number, audit_heads.c.seal).where(
    audit_heads.c.workspace == bindparam("workspace_id")
)
LOCK_HEAD = HEAD.with_for_update()
MOVE_HEAD = (
    update(audit_heads)
    .where(audit_heads.c.workspace == bindparam("workspace_id"))
    .values(number=bindparam("to"), seal=bindparam("sealed"))
)
APPEND = insert(audit)
PAGE_SIZE = 1000  # links
SALT_BYTES = 16

USE_KEY = "use_key"
"""The step of the entry with which a root key takes over."""

BOOKKEEPING = {"workspace", "id", "version", "next_check_at"}
"""Columns of a case that are not part of its content; changes to them are not recorded."""

IDS = {"owner", "reporter", "prevention_owner"}
"""Columns of a case with a Slack id. What people type may stand in every other plain string."""


TEAM_FACTS = {"category": "category", "opened_tier": "tier"}
"""Columns of a case with a word that the team file may name, and what it is there."""


class Audit:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def note(self, who: str | None, step: str, case: CaseId | None, decision: Decision) -> None:
        """Record a step that leaves no case event: a denial, or read access to a case."""
        entry = Entry(at=self._now, who=who, step=step, case=case, decision=decision)
        _pending(self._session).append(entry)

    def note_customer_seen(self, who: str, customer: str) -> None:
        """Record that a person read all facts about a customer, given by its key."""
        seen = _seen(customer, _keys(self._session))
        entry = Entry(at=self._now, who=who, step=Step.SEE_CUSTOMER, after=seen)
        _pending(self._session).append(entry)

    def looks_at_customer(self, customer: str) -> list[Entry]:
        """Return the entries of ``note_customer_seen`` for a customer, in chronological order.

        Without a root key there are none: then the trail does not tell customers apart.
        """
        seen = [_seen(customer, RootKeys((key,))) for key in _keys(self._session).keys]
        looks = select(audit).where(
            audit.c.workspace == self._workspace,
            audit.c.step == Step.SEE_CUSTOMER,
            audit.c.after.in_(seen),
        )
        return [_link(row).entry for row in self._session.execute(looks.order_by(audit.c.number))]

    def of_case(self, case: CaseId, *, limit: int) -> list[Entry]:
        """Return the newest ``limit`` entries about a case, in chronological order."""
        query = (
            select(audit)
            .where(audit.c.workspace == self._workspace, audit.c.case == case)
            .order_by(audit.c.number.desc())
            .limit(limit)
        )
        return [_link(row).entry for row in reversed(self._session.execute(query).all())]

    def after(self, number: int) -> list[Link]:
        """Return the next page of links after ``number``, up to 1,000."""
        query = (
            select(audit)
            .where(audit.c.workspace == self._workspace, audit.c.number > number)
            .order_by(audit.c.number)
            .limit(PAGE_SIZE)
        )
        return [_link(row) for row in self._session.execute(query)]

    def newest(self) -> Link | None:
        """Return the newest link, or None if there is none."""
        query = (
            select(audit)
            .where(audit.c.workspace == self._workspace)
            .order_by(audit.c.number.desc())
            .limit(1)
        )
        row = self._session.execute(query).first()
        return None if row is None else _link(row)

    def use_newest_key(self) -> None:
        """Record that the newest root key takes over: its seal covers all entries before it."""
        key, last = _keys(self._session).newest, self.newest()
        if key is None or last is None or last.key == key.id:
            return
        entry = Entry(at=self._now, who=None, step=USE_KEY, after=_json({"key": key.id}))
        _pending(self._session).append(entry)

    def missing_keys(self) -> list[str]:
        """Return the ids of keys that sealed one of the last 1,000 links and are missing here."""
        recent = audit.c.number > self.head()[0] - PAGE_SIZE
        query = select(audit.c.key).where(audit.c.workspace == self._workspace, recent).distinct()
        found = (it for it in self._session.scalars(query) if it is not None)
        return sorted(it for it in found if _keys(self._session).find(it) is None)

    def head(self) -> tuple[int, str]:
        """Return the number and the seal of the newest link; 0 and no seal if there is none."""
        row = self._session.execute(HEAD, {"workspace_id": self._workspace}).first()
        return (row.number, row.seal) if row is not None else (0, NOTHING)


def note_steps(session: Session, things: Iterable[object]) -> None:
    """Record the steps in objects that are about to be flushed: case events and revisions."""
    for thing in things:
        if isinstance(thing, Case):
            _pending(session).extend(_steps(thing, _keys(session)))
        elif isinstance(thing, Revision):
            after = _json({"team": thing.team, "revision": thing.number})
            applied = Entry(at=thing.applied_at, who=thing.by, step=Step.CONFIGURE, after=after)
            _pending(session).append(applied)


def append_noted(session: Session) -> None:
    """Append the entries noted in this transaction to the chain."""
    if entries := session.info.pop("audit", None):
        _append(session, entries)


def _pending(session: Session) -> list[Entry]:
    pending: list[Entry] = session.info.setdefault("audit", [])
    return pending


def _keys(session: Session) -> RootKeys:
    keys: RootKeys = session.info["keys"]
    return keys


def _steps(case: Case, keys: RootKeys) -> Iterator[Entry]:
    """Yield an entry for each new event of a case. The changed columns go with the last one."""
    new_events: list[Event] = list(inspect(case).attrs.history.history.added)
    before, after = _changes(case, keys) if new_events else ({}, {})
    for new_event in new_events:
        changed = (before, after) if new_event is new_events[-1] else ({}, {})
        yield Entry(
            at=new_event.at,
            who=new_event.by,
            step=new_event.kind,
            case=case.id,
            before=_json(changed[0]),
            after=_json(changed[1]),
        )


def _changes(case: Case, keys: RootKeys) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the changed columns of a case, before and after; for a new case, all of them."""
    state = inspect(case)
    columns = [it for it in object_mapper(case).local_table.columns if it.key not in BOOKKEEPING]
    if state.key is None:  # not in the database yet
        return {}, {it.key: _kept(case, it, vars(case).get(it.key), keys) for it in columns}
    before, after = {}, {}
    for column in columns:
        history = state.attrs[column.key].history
        if history.added and history.added != history.deleted:
            [old] = history.deleted or [None]
            before[column.key] = _kept(case, column, old, keys)
            after[column.key] = _kept(case, column, history.added[0], keys)
    return before, after


def _kept(case: Case, column: KeyedColumnElement[Any], value: Any, keys: RootKeys) -> Any:
    """Return what the trail keeps of a value: the trail is permanent, people's words are not.

    Of a text it keeps the length, of a typed name or word a pseudonym. A category or tier that
    the team file names is the team's word, and stays.
    """
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(column.type, Text) and isinstance(value, str):
        return f"{len(value)} characters"
    if type(column.type) is not String or column.key in IDS or not value:
        return value
    fact = TEAM_FACTS.get(column.key)
    is_known = fact is not None and case.team.document.names(fact, value)
    return value if is_known else pseudonym(value, keys)


def _seen(customer: str, keys: RootKeys) -> str:
    return _json({"customer": pseudonym(customer, keys)})


def _json(changes: dict[str, Any]) -> str:
    filled = {name: value for name, value in changes.items() if value not in (None, "", ())}
    return json.dumps(filled, sort_keys=True, default=str) if filled else ""


def _append(session: Session, entries: list[Entry]) -> None:
    workspace, key = session.info["workspace"], _keys(session).newest
    connection = session.connection()
    number, last = connection.execute(LOCK_HEAD, {"workspace_id": workspace}).one()
    rows = []
    for entry in entries:
        number += 1
        salt = secrets.token_hex(SALT_BYTES)
        commitment = commit(salt, entry)
        last = seal(workspace, number, entry, commitment, last, key)
        sealed = {"seal": last, "key": key and key.id, "commitment": commitment, "salt": salt}
        rows.append({"workspace": workspace, "number": number, **sealed, **vars(entry)})
    connection.execute(APPEND, rows)
    connection.execute(MOVE_HEAD, {"workspace_id": workspace, "to": number, "sealed": last})


def _link(row: Any) -> Link:
    entry = Entry(
        at=row.at,
        who=row.who,
        step=row.step,
        case=None if row.case is None else CaseId(row.case),
        decision=row.decision,
        before=row.before,
        after=row.after,
    )
    return Link(row.number, entry, row.seal, row.key, row.commitment, row.salt)
