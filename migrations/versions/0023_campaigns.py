"""Keep which comments have the same content

Revision: 0023
Follows: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("centre_id", sa.Uuid(), nullable=False),
        sa.Column("algorithm", sa.Integer(), nullable=False),
        sa.Column("common_text", sa.Text(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("with_additions", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("unnumbered", sa.Integer(), nullable=False),
        sa.Column("worked_out_at", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        _refers("campaigns", "consultation_id", "consultations.id"),
        _refers("campaigns", "centre_id", "submissions.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("centre_id", name=op.f("uq_campaigns_centre_id")),
    )
    op.create_index("ix_campaigns_size", "campaigns", ["consultation_id", "members", "id"])
    op.create_table(
        "campaign_members",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("has_addition", sa.Boolean(), nullable=False),
        sa.Column("additions", sa.JSON(), nullable=False),
        sa.Column("person_index", sa.LargeBinary(length=16), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=True),
        _refers("campaign_members", "submission_id", "submissions.id"),
        _refers("campaign_members", "campaign_id", "campaigns.id"),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_campaign_members")),
    )
    op.create_index("ix_campaign_members_page", "campaign_members", ["campaign_id", "submission_id"])
    op.create_index(
        "ix_campaign_members_additions", "campaign_members", ["campaign_id", "has_addition", "submission_id"]
    )
    op.create_index("ix_campaign_members_person", "campaign_members", ["campaign_id", "person_index"])
    op.create_table(
        "campaign_signatures",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("algorithm", sa.Integer(), nullable=False),
        sa.Column("own_hash", sa.String(length=32), nullable=False),
        sa.Column("apart_by", sa.String(length=80), nullable=True),
        _refers("campaign_signatures", "submission_id", "submissions.id"),
        _refers("campaign_signatures", "consultation_id", "consultations.id"),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_campaign_signatures")),
    )
    op.create_index(
        "ix_campaign_signatures_copies", "campaign_signatures", ["consultation_id", "own_hash", "submission_id"]
    )
    op.create_table(
        "campaign_bands",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        _refers("campaign_bands", "consultation_id", "consultations.id"),
        _refers("campaign_bands", "submission_id", "submissions.id"),
        sa.PrimaryKeyConstraint("consultation_id", "band", "submission_id", name=op.f("pk_campaign_bands")),
    )
    op.create_index(op.f("ix_campaign_bands_submission_id"), "campaign_bands", ["submission_id"])
    op.create_table(
        "campaign_progress",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("rebuilt_until", sa.Uuid(), nullable=True),
        _refers("campaign_progress", "consultation_id", "consultations.id"),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_campaign_progress")),
    )
    op.create_table(
        "campaign_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("treatment", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("going_on_after", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        _refers("campaign_decisions", "campaign_id", "campaigns.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_decisions")),
    )
    op.create_index(op.f("ix_campaign_decisions_campaign_id"), "campaign_decisions", ["campaign_id"])


def downgrade() -> None:
    for table in (
        "campaign_decisions",
        "campaign_progress",
        "campaign_bands",
        "campaign_signatures",
        "campaign_members",
        "campaigns",
    ):
        op.drop_table(table)
