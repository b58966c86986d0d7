"""Tell of submissions that came another way than the form who entered them and what they lack; keep batches to confirm

Revision: 0026
Follows: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "submission_origins",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_submission_origins_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_submission_origins")),
    )
    op.create_table(
        "entry_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("entered", sa.Integer(), nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_entry_batches_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_batches")),
    )
    op.create_index(op.f("ix_entry_batches_made_at"), "entry_batches", ["made_at"])


def downgrade() -> None:
    op.drop_table("entry_batches")
    op.drop_table("submission_origins")
