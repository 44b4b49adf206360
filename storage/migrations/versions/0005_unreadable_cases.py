"""unreadable cases: those that a worker could not read when they were due."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "unreadable_cases",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "case"],
            ["cases.workspace", "cases.id"],
            name=op.f("fk_unreadable_cases_cases"),
        ),
        sa.PrimaryKeyConstraint("workspace", "case", name=op.f("pk_unreadable_cases")),
    )
