"""Record who prepared and who opened a consultation, and why its window is short; working days and watched words

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "watched_words",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_watched_words")),
    )
    op.add_column("consultations", sa.Column("prepared_by", sa.String(length=80), nullable=True))
    op.add_column("consultations", sa.Column("opened_by", sa.String(length=80), nullable=True))
    op.add_column("consultations", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("consultations", sa.Column("short_window_reason", sa.String(length=500), nullable=True))
    op.add_column("consultations", sa.Column("override_reason", sa.String(length=500), nullable=True))
    op.add_column("consultations", sa.Column("override_by", sa.String(length=80), nullable=True))


def downgrade() -> None:
    op.drop_column("consultations", "override_by")
    op.drop_column("consultations", "override_reason")
    op.drop_column("consultations", "short_window_reason")
    op.drop_column("consultations", "opened_at")
    op.drop_column("consultations", "opened_by")
    op.drop_column("consultations", "prepared_by")
    op.drop_table("watched_words")
    op.drop_table("calendar_days")
