"""Keep figures of the work by day, and the instants that they are made from

Revision: 0040
Follows: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = (("screening_decisions", "gathered_at"), ("suggestions", "approved_at"), ("answer_versions", "confirmed_at"))
INDEXES = (
    ("ix_screening_decisions_gathered", "screening_decisions", "gathered_at"),
    ("ix_second_looks_looked", "second_looks", "looked_at"),
    ("ix_suggestions_approved", "suggestions", "approved_at"),
    ("ix_assignments_assigned", "assignments", "assigned_at"),
    ("ix_assignments_acknowledged", "assignments", "acknowledged_at"),
    ("ix_assignments_closed", "assignments", "closed_at"),
    ("ix_assignment_reminders_sent", "assignment_reminders", "sent_at"),
    ("ix_answer_versions_answered", "answer_versions", "answered_at"),
    ("ix_answer_versions_confirmed", "answer_versions", "confirmed_at"),
    ("ix_answer_versions_returned", "answer_versions", "returned_at"),
    ("ix_delivery_attempts_at", "delivery_attempts", "at"),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, INSTANT, nullable=True))
    for name, table, column in INDEXES:
        op.create_index(name, table, [column])
    op.create_table(
        "stage_times",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("n", BIG, nullable=False),
        sa.Column("longest", sa.Integer(), nullable=False),
        _to("stage_times", "consultation_id", "consultations"),
        sa.PrimaryKeyConstraint(
            "day", "consultation_id", "measure", "department_id", "days", name=op.f("pk_stage_times")
        ),
    )
    op.create_index("ix_stage_times_consultation", "stage_times", ["consultation_id", "day"])
    op.create_table(
        "backlog_ages",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("n", BIG, nullable=False),
        sa.Column("late", BIG, nullable=False),
        _to("backlog_ages", "consultation_id", "consultations"),
        sa.PrimaryKeyConstraint("consultation_id", "stage", "department_id", "age", name=op.f("pk_backlog_ages")),
    )
    op.create_table(
        "figures_progress",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("folded_until", sa.Date(), nullable=True),
        sa.Column("counted_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figures_progress")),
    )


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    for table in ("figures_progress", "backlog_ages", "stage_times"):
        op.drop_table(table)
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table)
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column)
