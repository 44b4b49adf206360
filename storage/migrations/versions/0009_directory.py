"""directory: when Slack last answered about user groups and people, and shared channels.

The members that are known at the upgrade count as read now, so that roles last until a worker of
the new version has read them.
"""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0009"
down_revision = "0008"

NOW = {
    "postgresql": "now()",
    "sqlite": "CAST(strftime('%s', 'now') AS INTEGER) * 1000000",  # how ``Instant`` is stored
}


def upgrade() -> None:
    op.create_table(
        "group_reads",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("read_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.id"], name=op.f("fk_group_reads_workspaces")
        ),
        sa.PrimaryKeyConstraint("workspace", "group", name=op.f("pk_group_reads")),
    )
    op.create_table(
        "slack_contacts",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("failed_at", Instant(), nullable=True),
        sa.Column("people_cursor", sa.Text(), nullable=False),
        sa.Column("people_began_at", Instant(), nullable=False),
        sa.Column("people_due_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.id"], name=op.f("fk_slack_contacts_workspaces")
        ),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_slack_contacts")),
    )
    op.create_table(
        "shared_channels",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("cards_above", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.id"], name=op.f("fk_shared_channels_workspaces")
        ),
        sa.PrimaryKeyConstraint("workspace", "channel", name=op.f("pk_shared_channels")),
    )
    op.add_column(
        "teams",
        sa.Column("seen_by_strangers", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    now = NOW[op.get_bind().dialect.name]
    op.execute(
        'INSERT INTO group_reads (workspace, "group", read_at) '
        f'SELECT DISTINCT workspace, "group", {now} FROM group_members'
    )
