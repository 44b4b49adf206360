"""words: what /baton find looks through.

SQLite keeps them in an FTS5 table, which needs a stable number for each case; PostgreSQL keeps
them in a generated column. Both follow every change of a case, and neither needs an extension.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

STORY = ("summary", "wish", "outcome", "root_cause", "prevention")


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement))


def _values(row: str) -> str:
    return f"{row}.customer, " + " || ' ' || ".join(f"{row}.{name}" for name in STORY)


NUMBER = 'SELECT number FROM case_numbers WHERE workspace = {0}.workspace AND "case" = {0}.id'
FORGET = (
    "INSERT INTO case_words (case_words, rowid, customer, story) "
    f"VALUES ('delete', ({NUMBER.format('old')}), {_values('old')})"
)
KEEP = (
    "INSERT INTO case_words (rowid, customer, story) "
    f"VALUES (({NUMBER.format('new')}), {_values('new')})"
)
SQLITE = (
    "CREATE TABLE case_numbers (number INTEGER PRIMARY KEY, workspace VARCHAR NOT NULL, "
    '"case" INTEGER NOT NULL, UNIQUE (workspace, "case"))',
    "CREATE VIRTUAL TABLE case_words USING fts5 (customer, story, content='', "
    "tokenize=\"unicode61 remove_diacritics 0\")",
    "CREATE TRIGGER case_words_begin AFTER INSERT ON cases BEGIN "
    'INSERT INTO case_numbers (workspace, "case") VALUES (new.workspace, new.id); '
    f"{KEEP}; END",
    "CREATE TRIGGER case_words_follow AFTER UPDATE OF "
    f"customer, {', '.join(STORY)} ON cases BEGIN {FORGET}; {KEEP}; END",
    f"CREATE TRIGGER case_words_end BEFORE DELETE ON cases BEGIN {FORGET}; DELETE FROM "
    'case_numbers WHERE workspace = old.workspace AND "case" = old.id; END',
)


def _lexemes(texts: str, weight: str) -> str:
    """Split words at everything except letters and digits, as SQLite does."""
    parted = rf"regexp_replace({texts}, '[\W_]+', ' ', 'g')"
    return f"setweight(to_tsvector('simple', {parted}), '{weight}')"


POSTGRESQL = (
    "ALTER TABLE cases ADD COLUMN words tsvector GENERATED ALWAYS AS ("
    f"{_lexemes('customer', 'A')} || "
    f"{_lexemes(' || chr(32) || '.join(STORY), 'B')}) STORED",
    "CREATE INDEX ix_cases_words ON cases USING gin (words)",
)
