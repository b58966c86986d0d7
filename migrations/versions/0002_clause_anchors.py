"""Trace the clauses of a version into the later ones

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("newest", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("document_versions", sa.Column("role", sa.String(40), nullable=False, server_default="draft"))
    op.create_table(
        "clause_anchors",
        sa.Column("old_clause_id", sa.Uuid(), nullable=False),
        sa.Column("new_version_id", sa.Uuid(), nullable=False),
        sa.Column("new_clause_id", sa.Uuid(), nullable=True),
        sa.Column("fate", sa.String(40), nullable=False),
        sa.Column("sureness", sa.Float(), nullable=False),
        sa.Column("why", sa.String(40), nullable=False),
        sa.Column("also_in", sa.JSON(), nullable=False),
        sa.Column("decided_clause_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["old_clause_id"], ["clauses.id"], name=op.f("fk_clause_anchors_old_clause_id")),
        sa.ForeignKeyConstraint(
            ["new_version_id"], ["document_versions.id"], name=op.f("fk_clause_anchors_new_version_id")
        ),
        sa.ForeignKeyConstraint(["new_clause_id"], ["clauses.id"], name=op.f("fk_clause_anchors_new_clause_id")),
        sa.ForeignKeyConstraint(
            ["decided_clause_id"], ["clauses.id"], name=op.f("fk_clause_anchors_decided_clause_id")
        ),
        sa.PrimaryKeyConstraint("old_clause_id", "new_version_id", name=op.f("pk_clause_anchors")),
    )
    op.create_index(op.f("ix_clause_anchors_new_version_id"), "clause_anchors", ["new_version_id"], unique=False)


def downgrade() -> None:
    op.drop_table("clause_anchors")
    op.drop_column("document_versions", "role")
    op.drop_column("documents", "newest")
