"""Tell what happens to a consultation after its opening

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consultation_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.String(length=80), nullable=False),
        sa.Column("opens_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opens_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version_before", sa.Uuid(), nullable=True),
        sa.Column("version_after", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_consultation_notes_consultation_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_before"], ["document_versions.id"], name=op.f("fk_consultation_notes_version_before")
        ),
        sa.ForeignKeyConstraint(
            ["version_after"], ["document_versions.id"], name=op.f("fk_consultation_notes_version_after")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_notes")),
    )
    op.create_index("ix_consultation_notes_order", "consultation_notes", ["consultation_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_consultation_notes_order", table_name="consultation_notes")
    op.drop_table("consultation_notes")
