"""Let all processes know how often a network has tried something, without its address

Revision: 0049
Follows: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate_counts",
        sa.Column("bucket", sa.String(length=32), nullable=False),
        sa.Column("process", sa.String(length=16), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "process", "ends_at", name=op.f("pk_rate_counts")),
    )
    op.create_index(op.f("ix_rate_counts_ends_at"), "rate_counts", ["ends_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_rate_counts_ends_at"), table_name="rate_counts")
    op.drop_table("rate_counts")
