"""Keep promised messages, late codes and rounds: the tables

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("recipient_kind", sa.String(length=40), nullable=False),
        sa.Column("recipient_id", sa.String(length=80), nullable=False),
        sa.Column("about_kind", sa.String(length=40), nullable=False),
        sa.Column("about_id", sa.String(length=80), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=80), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("once", name=op.f("uq_deliveries_once")),
    )
    op.create_index("ix_deliveries_about", "deliveries", ["about_kind", "about_id", "state", "promised_at", "id"])
    op.create_index("ix_deliveries_due", "deliveries", ["state", "due_at"])
    op.create_table(
        "delivery_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("error", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_attempts_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempts")),
    )
    op.create_index(op.f("ix_delivery_attempts_delivery_id"), "delivery_attempts", ["delivery_id"])
    op.create_table(
        "late_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("issued_by", sa.String(length=80), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_late_codes_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_late_codes_code_hash")),
    )
    op.create_index(op.f("ix_late_codes_consultation_id"), "late_codes", ["consultation_id"])
    op.create_table(
        "late_submissions",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("late_code_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["late_code_id"], ["late_codes.id"], name=op.f("fk_late_submissions_late_code_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_late_submissions_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_late_submissions")),
        sa.UniqueConstraint("late_code_id", name=op.f("uq_late_submissions_late_code_id")),
    )
    op.create_table(
        "consultation_rounds",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_consultation_rounds_consultation_id")
        ),
        sa.ForeignKeyConstraint(["previous_id"], ["consultations.id"], name=op.f("fk_consultation_rounds_previous_id")),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_consultation_rounds")),
        sa.UniqueConstraint("previous_id", name=op.f("uq_consultation_rounds_previous_id")),
    )


def downgrade() -> None:
    op.drop_table("consultation_rounds")
    op.drop_table("late_submissions")
    op.drop_index(op.f("ix_late_codes_consultation_id"), table_name="late_codes")
    op.drop_table("late_codes")
    op.drop_index(op.f("ix_delivery_attempts_delivery_id"), table_name="delivery_attempts")
    op.drop_table("delivery_attempts")
    op.drop_index("ix_deliveries_due", table_name="deliveries")
    op.drop_index("ix_deliveries_about", table_name="deliveries")
    op.drop_table("deliveries")
