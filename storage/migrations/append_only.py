"""Append-only tables: triggers that reject updates and deletes."""

from sqlalchemy import Connection

REFUSALS = {
    "sqlite": (
        "CREATE TRIGGER {table}_never_changes BEFORE UPDATE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} only grows'); END",
        "CREATE TRIGGER {table}_never_shrinks BEFORE DELETE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} only grows'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '{table} only grows'; END $$",
        "CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()",
    ),
}


def refuse_changes(connection: Connection, table: str) -> None:
    """Create triggers on ``table`` that reject every change except inserts."""
    for statement in REFUSALS[connection.dialect.name]:
        connection.exec_driver_sql(statement.format(table=table))
