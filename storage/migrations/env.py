"""How Alembic reaches the database: over the connection that migrate() holds."""

from typing import Any, Literal

from alembic import context

from storage.tables import metadata
from storage.types import Document, Instant, Length, Word, Words

PLAIN = {
    Word: "sa.String()",
    Words: "sa.String()",
    Document: "sa.Text()",
    Length: "sa.BigInteger()",
}


def render(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Steps stand by themselves: a column's type is named as the database knows it."""
    if kind != "type":
        return False
    return "Instant()" if isinstance(thing, Instant) else PLAIN.get(type(thing), False)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite can alter a table only by copying it
    render_item=render,
    compare_type=False,  # a word is text, whatever the words are
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
