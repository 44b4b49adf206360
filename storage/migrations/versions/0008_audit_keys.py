"""audit keys: entries name the key that sealed them, and their payload can be erased.

The triggers permit one change to an entry: to empty its payload together with the salt of the
commitment.

Older entries were sealed with their payload, and it held customers and categories as people typed
them. They are committed anew, once, without those words. A last entry keeps the number and the
seal of the old head. A chain that is not intact stays as it is, so the fault remains visible.
"""

import json
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.audit import NOTHING, Decision, Entry, commit, first_seal, seal
from bot.people import CaseId, WorkspaceId
from storage.types import Instant

revision = "0008"
down_revision = "0007"

FIXED = 'workspace, number, at, step, "case", decision, seal, key, commitment'
PAYLOAD = 'who, "before", "after", salt'
KEEPS = (
    "old.commitment IS NULL OR new.who IS NOT NULL OR new.salt IS NOT NULL "
    "OR new.\"before\" <> '' OR new.\"after\" <> ''"
)
REFUSE = "BEGIN SELECT RAISE(ABORT, 'audit only grows'); END"
OPEN = {
    "sqlite": "DROP TRIGGER audit_never_changes",
    "postgresql": "DROP TRIGGER audit_only_grows ON audit",
}
CLOSE = {
    "sqlite": (
        f"CREATE TRIGGER audit_never_changes BEFORE UPDATE OF {FIXED} ON audit {REFUSE}",
        f"CREATE TRIGGER audit_only_erases BEFORE UPDATE OF {PAYLOAD} ON audit "
        f"WHEN {KEEPS} {REFUSE}",
    ),
    "postgresql": (
        "CREATE TRIGGER audit_only_grows BEFORE DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()",
        f"CREATE TRIGGER audit_never_changes BEFORE UPDATE OF {FIXED} ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()",
        f"CREATE TRIGGER audit_only_erases BEFORE UPDATE OF {PAYLOAD} ON audit "
        f"FOR EACH ROW WHEN ({KEEPS}) EXECUTE FUNCTION audit_only_grows()",
    ),
}

WORDS = ("customer_key", "category", "opened_tier")
PAGE_SIZE = 1000
NAMES = ("workspace", "number", "who", "step", "case", "decision", "before", "after", "seal")
AUDIT = sa.table(
    "audit",
    *(sa.column(name) for name in NAMES),
    sa.column("at", Instant()),
    sa.column("commitment"),
    sa.column("salt"),
)
HEADS = sa.table("audit_heads", sa.column("workspace"), sa.column("number"), sa.column("seal"))
REWRITE = (
    sa.update(AUDIT)
    .where(
        AUDIT.c.workspace == sa.bindparam("of_workspace"), AUDIT.c.number == sa.bindparam("place")
    )
    .values({name: sa.bindparam(name) for name in ("before", "after", "seal", "commitment", "salt")})
)


def upgrade() -> None:
    connection = op.get_bind()
    for name in ("key", "commitment", "salt"):
        op.add_column("audit", sa.Column(name, sa.String(), nullable=True))
    op.execute(sa.text(OPEN[connection.dialect.name]))
    for head in connection.execute(sa.select(HEADS).where(HEADS.c.number > 0)).all():
        if _is_intact(connection, head):
            _commit_anew(connection, head)
    for statement in CLOSE[connection.dialect.name]:
        op.execute(sa.text(statement))


def _is_intact(connection: sa.Connection, head: Any) -> bool:
    number, last = 0, NOTHING
    for rows in _pages(connection, head.workspace):
        for row in rows:
            number += 1
            last = first_seal(head.workspace, number, _entry(row, row.before, row.after), last)
            if (row.number, row.seal) != (number, last):
                return False
    return (number, last) == (head.number, head.seal)


def _commit_anew(connection: sa.Connection, head: Any) -> None:
    last = NOTHING
    for rows in _pages(connection, head.workspace):
        changes = []
        for row in rows:
            entry = _entry(row, _without_words(row.before), _without_words(row.after))
            sealed = _sealed(head.workspace, row.number, entry, last)
            last = sealed["seal"]
            place = {"of_workspace": head.workspace, "place": row.number}
            changes.append({**place, "before": entry.before, "after": entry.after, **sealed})
        connection.execute(REWRITE, changes)
    after = json.dumps({"number": head.number, "seal": head.seal})
    entry = Entry(at=datetime.now(UTC), who=None, step="commit_anew", after=after)
    number = head.number + 1
    sealed = _sealed(head.workspace, number, entry, last)
    row = {"workspace": head.workspace, "number": number, **vars(entry), **sealed}
    connection.execute(sa.insert(AUDIT).values(row))
    moved = {"number": number, "seal": sealed["seal"]}
    connection.execute(
        sa.update(HEADS).where(HEADS.c.workspace == head.workspace).values(moved)
    )


def _pages(connection: sa.Connection, workspace: str) -> Iterator[Sequence[Any]]:
    """Yield the entries of a workspace in order, page by page."""
    number = 0
    while rows := connection.execute(
        sa.select(AUDIT)
        .where(AUDIT.c.workspace == workspace, AUDIT.c.number > number)
        .order_by(AUDIT.c.number)
        .limit(PAGE_SIZE)
    ).all():
        yield rows
        number = rows[-1].number


def _entry(row: Any, before: str, after: str) -> Entry:
    return Entry(
        at=row.at,
        who=row.who,
        step=row.step,
        case=None if row.case is None else CaseId(row.case),
        decision=Decision(row.decision),
        before=before,
        after=after,
    )


def _sealed(workspace: str, number: int, entry: Entry, last: str) -> dict[str, str]:
    salt = secrets.token_hex(16)
    commitment = commit(salt, entry)
    new = seal(WorkspaceId(workspace), number, entry, commitment, last, None)
    return {"seal": new, "commitment": commitment, "salt": salt}


def _without_words(changes: str) -> str:
    """Replace what people typed by its length."""
    facts = json.loads(changes) if changes else {}
    typed = {name: f"{len(facts[name])} characters" for name in WORDS if facts.get(name)}
    return json.dumps(facts | typed, sort_keys=True) if typed else changes
