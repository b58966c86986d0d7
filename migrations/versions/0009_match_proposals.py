"""Keep the clauses proposed for each comment, and what people decided, as examples

Revision: 0009
Follows: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kinds = sa.Enum("clause", "general", "out_of_scope", name="kind", native_enum=False, length=40)
    op.create_table(
        "match_examples",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("clause_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("proposed", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["document_versions.id"], name=op.f("fk_match_examples_version_id")),
        sa.ForeignKeyConstraint(["clause_id"], ["clauses.id"], name=op.f("fk_match_examples_clause_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_examples")),
    )
    op.create_index("ix_match_examples_newest", "match_examples", ["version_id", "decided_at"])
    op.create_index(op.f("ix_match_examples_source_id"), "match_examples", ["source_id"])
    op.create_table(
        "submission_matches",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_submission_matches_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_submission_matches")),
    )
    op.create_table(
        "clause_proposals",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_clause_proposals_submission_id")),
        sa.ForeignKeyConstraint(["clause_id"], ["clauses.id"], name=op.f("fk_clause_proposals_clause_id")),
        sa.PrimaryKeyConstraint("submission_id", "rank", name=op.f("pk_clause_proposals")),
    )


def downgrade() -> None:
    op.drop_table("clause_proposals")
    op.drop_table("submission_matches")
    op.drop_table("match_examples")
