"""words again: fill SQLite's search index with the cases that were opened before it existed.

Revision 0002 created the index empty. When such a case changed, its words went to the next free
row number, which a later case could receive too. So the index is rebuilt, whatever it holds.
PostgreSQL computed its column for all cases.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

REBUILD = (
    "DROP TABLE case_words",
    "CREATE VIRTUAL TABLE case_words USING fts5 (customer, story, content='', "
    'tokenize="unicode61 remove_diacritics 0")',
    "DELETE FROM case_numbers",
    # The newest cases get the highest numbers: a search looks at these first.
    'INSERT INTO case_numbers (workspace, "case") '
    "SELECT workspace, id FROM cases ORDER BY opened_at, workspace, id",
    "INSERT INTO case_words (rowid, customer, story) "
    "SELECT number, customer, summary || ' ' || wish || ' ' || outcome || ' ' || root_cause "
    "|| ' ' || prevention FROM cases JOIN case_numbers "
    'ON case_numbers.workspace = cases.workspace AND case_numbers."case" = cases.id',
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in REBUILD:
            op.execute(statement)
