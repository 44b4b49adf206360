"""How Alembic reaches the database: over the connection that migrate() holds."""

from collections.abc import Sequence
from typing import Any, Literal

from alembic import context
from alembic.autogenerate import renderers
from alembic.operations.ops import CreateTableOp, MigrateOperation, MigrationScript

from storage.tables import APPEND_ONLY, metadata
from storage.types import Changes, Counts, Document, Ids, Instant, Length, Steps, Word, Words

PLAIN = {
    Changes: "sa.Text()",
    Ids: "sa.Text()",
    Word: "sa.String()",
    Words: "sa.String()",
    Counts: "sa.String()",
    Steps: "sa.Text()",
    Document: "sa.Text()",
    Length: "sa.BigInteger()",
}


def render(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Steps stand by themselves: a column's type is named as the database knows it."""
    if kind != "type":
        return False
    return "Instant()" if isinstance(thing, Instant) else PLAIN.get(type(thing), False)


class RefuseChanges(MigrateOperation):
    """A new table that only grows gets its triggers with it."""

    def __init__(self, table: str) -> None:
        self.table = table


@renderers.dispatch_for(RefuseChanges)
def _render(_context: Any, operation: RefuseChanges) -> str:
    return f'refuse_changes(op.get_bind(), "{operation.table}")'


def guard(_context: Any, _revision: Any, scripts: Sequence[MigrationScript]) -> None:
    for script in scripts:
        steps = script.upgrade_ops.ops if script.upgrade_ops else []
        new = [step.table_name for step in steps if isinstance(step, CreateTableOp)]
        steps += [RefuseChanges(name) for name in new if metadata.tables[name].info == APPEND_ONLY]


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite can alter a table only by copying it
    render_item=render,
    process_revision_directives=guard,
    compare_type=False,  # a word is text, whatever the words are
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
