"""Keep what is read from uploaded files, and what people correct and choose, until a consultation is opened

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preparations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("prepared_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("handed_over_by", sa.String(length=80), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("consultation_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_preparations_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preparations")),
        sa.UniqueConstraint("consultation_id", name=op.f("uq_preparations_consultation_id")),
    )
    op.create_index("ix_preparations_state", "preparations", ["state", "changed_at"], unique=False)
    op.create_table(
        "preparation_texts",
        sa.Column("preparation_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("source_name", sa.String(length=200), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["preparation_id"], ["preparations.id"], name=op.f("fk_preparation_texts_preparation_id")
        ),
        sa.PrimaryKeyConstraint("preparation_id", "part", name=op.f("pk_preparation_texts")),
    )


def downgrade() -> None:
    op.drop_table("preparation_texts")
    op.drop_index("ix_preparations_state", table_name="preparations")
    op.drop_table("preparations")
