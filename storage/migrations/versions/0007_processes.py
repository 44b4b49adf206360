"""processes: which processes run, and when each was last seen."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "processes",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("parts", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("started_at", storage.types.Instant(), nullable=False),
        sa.Column("seen_at", storage.types.Instant(), nullable=False),
        sa.Column("reserve", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.id"], name=op.f("fk_processes_workspaces")
        ),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_processes")),
    )
