"""Let files carry records between two networks that are kept apart

Revision: 0051
Follows: 0050
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bundles",
        sa.Column("direction", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledges", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("direction", "sequence", name=op.f("pk_bundles")),
    )
    op.create_table(
        "bundle_marks",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_bundle_marks")),
    )
    op.create_index(op.f("ix_bundle_marks_sequence"), "bundle_marks", ["sequence"])
    op.create_table(
        "bundle_arrivals",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_bundle_arrivals_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_bundle_arrivals")),
    )


def downgrade() -> None:
    op.drop_table("bundle_arrivals")
    op.drop_index(op.f("ix_bundle_marks_sequence"), table_name="bundle_marks")
    op.drop_table("bundle_marks")
    op.drop_table("bundles")
