"""Let decisions be undone and take prepared reasons; keep referrals to other bodies and questions to senders

Revision: 0022
Follows: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

DECISIONS = "screening_decisions"
INSTANT = sa.DateTime(timezone=True)
ADDED = {
    "pointer": sa.String(40),
    "referral_class": sa.String(40),
    "told_at": INSTANT,
    "undone_at": INSTANT,
    "undone_by": sa.String(80),
    "undone_for": sa.String(500),
}


def upgrade() -> None:
    for name, kind in ADDED.items():
        op.add_column(DECISIONS, sa.Column(name, kind, nullable=True))
    # What was decided before this could be undone has been told, or was about to be.
    op.execute("UPDATE screening_decisions SET told_at = decided_at WHERE decision <> 'accept'")
    _reason_templates()
    _referrals()
    _clarifications()


def _reason_templates() -> None:
    op.create_table(
        "reason_templates",
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("pointer", sa.String(length=40), nullable=True),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        _to("reason_templates", "consultation_id", "consultations"),
        sa.PrimaryKeyConstraint("template_id", "version", name=op.f("pk_reason_templates")),
    )
    op.create_index("ix_reason_templates_choice", "reason_templates", ["decision", "consultation_id"])


def _referrals() -> None:
    op.create_table(
        "referral_cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("referral_class", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("contact", sa.String(length=120), nullable=True),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("opened_by", sa.String(length=80), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ending", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _to("referral_cases", "submission_id", "submissions"),
        _to("referral_cases", "consultation_id", "consultations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_cases")),
    )
    op.create_index("ix_referral_cases_queue", "referral_cases", ["state", "due_at", "id"])
    op.create_index("ix_referral_cases_submission", "referral_cases", ["submission_id"])
    op.create_table(
        "referral_handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("receiver", sa.String(length=200), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("letter_number", sa.String(length=80), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("handed_over_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        _to("referral_handovers", "case_id", "referral_cases"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_handovers")),
    )
    op.create_index("ix_referral_handovers_case_id", "referral_handovers", ["case_id"])


def _clarifications() -> None:
    op.create_table(
        "clarifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("asker_kind", sa.String(length=40), nullable=False),
        sa.Column("asker", sa.String(length=80), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _to("clarifications", "submission_id", "submissions"),
        _to("clarifications", "consultation_id", "consultations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarifications")),
    )
    op.create_index("ix_clarifications_submission", "clarifications", ["submission_id", "asked_at"])
    op.create_index("ix_clarifications_asker", "clarifications", ["asker_kind", "asker", "state", "asked_at"])
    op.create_index("ix_clarifications_due", "clarifications", ["state", "due_at"])


def downgrade() -> None:
    """What was undone counts as never decided, what was referred as closed: it stays off every list of open work."""
    op.execute("DELETE FROM screening_decisions WHERE undone_at IS NOT NULL")
    op.execute("UPDATE screening_decisions SET decision = 'close_as_unsuitable' WHERE decision = 'refer'")
    op.execute("UPDATE submissions SET state = 'unsuitable' WHERE state = 'referred'")
    for table in ("clarifications", "referral_handovers", "referral_cases", "reason_templates"):
        op.drop_table(table)
    for name in reversed(ADDED):
        op.drop_column(DECISIONS, name)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
