"""The audit trail: written with what it tells of, and read back.

A transaction's entries take their places in the chain at its very end, so that it holds the
head of its workspace's chain only while it commits. Nobody waits for that lock but others who
are about to commit as well.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Text, bindparam, event, insert, inspect, select, update
from sqlalchemy.orm import Session, object_mapper

from bot.audit import NOTHING, Decision, Entry, Link, seal
from bot.case import Case
from bot.case.event import Event
from bot.case.permissions import Step
from bot.people import CaseId, WorkspaceId
from bot.team.team import Revision
from storage.tables import audit, audit_heads

HEAD = select(audit_heads.c.number, audit_heads.c.seal).where(
    audit_heads.c.workspace == bindparam("ours")
)
HEAD_TO_MOVE = HEAD.with_for_update()
MOVE = (
    update(audit_heads)
    .where(audit_heads.c.workspace == bindparam("ours"))
    .values(number=bindparam("to"), seal=bindparam("sealed"))
)
WRITE = insert(audit)
AT_ONCE = 1000  # rows

NO_CHANGE = {"workspace", "id", "version", "next_check_at"}
"""Columns of a case that say where it is kept, and when it is looked at."""


class Audit:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def note(self, who: str | None, step: str, case: CaseId | None, decision: Decision) -> None:
        """What no event of a case tells: a denial, or a look that is to be accounted for."""
        entry = Entry(at=self._now, who=who, step=step, case=case, decision=decision)
        _pending(self._session).append(entry)

    def of_case(self, case: CaseId, *, limit: int) -> list[Entry]:
        """The newest entries on a case, the oldest of them first."""
        query = (
            select(audit)
            .where(audit.c.workspace == self._workspace, audit.c.case == case)
            .order_by(audit.c.number.desc())
            .limit(limit)
        )
        return [_link(row).entry for row in reversed(self._session.execute(query).all())]

    def after(self, number: int) -> list[Link]:
        """The next links of the chain, some of them at a time."""
        query = (
            select(audit)
            .where(audit.c.workspace == self._workspace, audit.c.number > number)
            .order_by(audit.c.number)
            .limit(AT_ONCE)
        )
        return [_link(row) for row in self._session.execute(query)]

    def head(self) -> tuple[int, str]:
        """The number and the seal of the newest link."""
        row = self._session.execute(HEAD, {"ours": self._workspace}).first()
        return (row.number, row.seal) if row is not None else (0, NOTHING)


def note_steps(session: Session, things: Iterable[object]) -> None:
    """Note what is about to be kept: new events of cases, and new revisions of documents."""
    for thing in things:
        if isinstance(thing, Case):
            _pending(session).extend(_steps(thing))
        elif isinstance(thing, Revision):
            after = _json({"team": thing.team, "revision": thing.number})
            applied = Entry(at=thing.applied_at, who=thing.by, step=Step.CONFIGURE, after=after)
            _pending(session).append(applied)


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    session.flush()
    if entries := session.info.pop("audit", None):
        _append(session, entries)


def _pending(session: Session) -> list[Entry]:
    pending: list[Entry] = session.info.setdefault("audit", [])
    return pending


def _steps(case: Case) -> Iterator[Entry]:
    """One entry for each new event; what changed goes with the last of them."""
    new: list[Event] = list(inspect(case).attrs.history.history.added)
    before, after = _changes(case)
    for happened in new:
        changed = (before, after) if happened is new[-1] else ({}, {})
        yield Entry(
            at=happened.at,
            who=happened.by,
            step=happened.kind,
            case=case.id,
            before=_json(changed[0]),
            after=_json(changed[1]),
        )


def _changes(case: Case) -> tuple[dict[str, Any], dict[str, Any]]:
    state = inspect(case)
    told = [it for it in object_mapper(case).local_table.columns if it.key not in NO_CHANGE]
    if state.key is None:
        return {}, {it.key: _told(it.type, vars(case).get(it.key)) for it in told}
    before, after = {}, {}
    for column in told:
        history = state.attrs[column.key].history
        if history.added and history.added != history.deleted:
            before[column.key] = _told(column.type, *(history.deleted or [None]))
            after[column.key] = _told(column.type, history.added[0])
    return before, after


def _told(kind: object, value: Any) -> Any:
    """A value for the trail, which is kept for good: of what a person wrote only its length."""
    if isinstance(kind, Text) and isinstance(value, str):
        return f"{len(value)} characters"
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def _json(changes: dict[str, Any]) -> str:
    told = {name: value for name, value in changes.items() if value not in (None, "", ())}
    return json.dumps(told, sort_keys=True, default=str) if told else ""


def _append(session: Session, entries: list[Entry]) -> None:
    workspace, connection = session.info["workspace"], session.connection()
    number, last = connection.execute(HEAD_TO_MOVE, {"ours": workspace}).one()
    rows = []
    for entry in entries:
        number += 1
        last = seal(workspace, number, entry, last)
        rows.append({"workspace": workspace, "number": number, "seal": last, **vars(entry)})
    connection.execute(WRITE, rows)
    connection.execute(MOVE, {"ours": workspace, "to": number, "sealed": last})


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
    return Link(row.number, entry, row.seal)
