"""Count who passes the captcha without a script, for the whole site and for each network

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "captcha_buckets",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("passes", sa.JSON(), nullable=False),
        sa.Column("forget_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_captcha_buckets")),
    )
    op.create_index(op.f("ix_captcha_buckets_forget_at"), "captcha_buckets", ["forget_at"])


def downgrade() -> None:
    op.drop_table("captcha_buckets")
