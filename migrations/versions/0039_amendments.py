"""Link changes between draft and final text with the suggestions that asked for them

Revision: 0039
Follows: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "amendment_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("comparison_id", sa.Uuid(), nullable=False),
        sa.Column("suggestion_id", sa.Uuid(), nullable=False),
        sa.Column("change", sa.String(length=32), nullable=False),
        sa.Column("draft_label", sa.String(length=200), nullable=False),
        sa.Column("final_label", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("because", sa.String(length=40), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("remark", sa.String(length=300), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("letter_number", sa.String(length=200), nullable=True),
        sa.Column("letter_dated_on", sa.Date(), nullable=True),
        sa.Column("letter_signed_by", sa.String(length=80), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _to("amendment_links", "consultation_id", "consultations"),
        _to("amendment_links", "comparison_id", "comparisons"),
        _to("amendment_links", "suggestion_id", "suggestions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment_links")),
        sa.UniqueConstraint(
            "comparison_id",
            "suggestion_id",
            "change",
            name=op.f("uq_amendment_links_comparison_id_suggestion_id_change"),
        ),
    )
    op.create_index(
        "ix_amendment_links_change", "amendment_links", ["consultation_id", "comparison_id", "change", "score", "id"]
    )
    op.create_index("ix_amendment_links_suggestion", "amendment_links", ["suggestion_id"])
    op.create_index("ix_amendment_links_state", "amendment_links", ["consultation_id", "state", "id"])
    op.create_table(
        "amendment_searches",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("searched_at", INSTANT, nullable=False),
        _to("amendment_searches", "consultation_id", "consultations"),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_amendment_searches")),
    )
    op.create_index("ix_dispositions_confirmed", "dispositions", ["consultation_id", "confirmed_at"])


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    op.drop_index("ix_dispositions_confirmed", "dispositions")
    op.drop_table("amendment_searches")
    op.drop_table("amendment_links")
