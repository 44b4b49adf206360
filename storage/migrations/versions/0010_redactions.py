"""redactions: which messages hide a restricted case, and the rows that a digest shows.

Digests of earlier releases have no rows: what they showed is derived from when cases were open.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column(
        "deliveries",
        sa.Column("redacted", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("digests", sa.Column("rows", sa.Text(), nullable=True))
    op.add_column("digests", sa.Column("open_cases", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("digests", "open_cases")
    op.drop_column("digests", "rows")
    op.drop_column("deliveries", "redacted")
