"""outages: how long Slack has been answering with errors."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "outlets", sa.Column("errors", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("outlets", sa.Column("outage_at", Instant(), nullable=True))
    op.add_column("outlets", sa.Column("try_at", Instant(), nullable=True))


def downgrade() -> None:
    for column in ("try_at", "outage_at", "errors"):
        op.drop_column("outlets", column)
