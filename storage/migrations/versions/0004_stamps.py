"""stamps: a number for each message, which tells when the database was restored from a backup.

The first series is computed from the workspace's key, as for a new workspace: a backup from before
this revision gets the same one.
"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("outlets", sa.Column("series", sa.String(), nullable=False, server_default=""))
    op.add_column("outlets", sa.Column("number", sa.BigInteger(), nullable=False, server_default="0"))
    connection = op.get_bind()
    for workspace, key in connection.execute(sa.text("SELECT id, key FROM workspaces")).all():
        series = hashlib.sha256(f"series/{key}".encode()).hexdigest()[:8]
        connection.execute(
            sa.text("UPDATE outlets SET series = :series WHERE workspace = :workspace"),
            {"series": series, "workspace": workspace},
        )
