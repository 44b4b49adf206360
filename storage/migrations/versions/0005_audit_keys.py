"""audit keys: entries name the key that sealed them, and their payload can be erased.

The triggers permit one change to an entry: to empty its payload together with the salt of the
commitment. Entries from before this version have no commitment, and never change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"

FIXED = 'workspace, number, at, step, "case", decision, seal, key, commitment'
PAYLOAD = 'who, "before", "after", salt'
KEEPS = (
    "old.commitment IS NULL OR new.who IS NOT NULL OR new.salt IS NOT NULL "
    "OR new.\"before\" <> '' OR new.\"after\" <> ''"
)
REFUSE = "BEGIN SELECT RAISE(ABORT, 'audit only grows'); END"
SQLITE = (
    "DROP TRIGGER audit_never_changes",
    f"CREATE TRIGGER audit_never_changes BEFORE UPDATE OF {FIXED} ON audit {REFUSE}",
    f"CREATE TRIGGER audit_only_erases BEFORE UPDATE OF {PAYLOAD} ON audit WHEN {KEEPS} {REFUSE}",
)
POSTGRESQL = (
    "DROP TRIGGER audit_only_grows ON audit",
    "CREATE TRIGGER audit_only_grows BEFORE DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()",
    f"CREATE TRIGGER audit_never_changes BEFORE UPDATE OF {FIXED} ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()",
    f"CREATE TRIGGER audit_only_erases BEFORE UPDATE OF {PAYLOAD} ON audit "
    f"FOR EACH ROW WHEN ({KEEPS}) EXECUTE FUNCTION audit_only_grows()",
)


def upgrade() -> None:
    for name in ("key", "commitment", "salt"):
        op.add_column("audit", sa.Column(name, sa.String(), nullable=True))
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement))
