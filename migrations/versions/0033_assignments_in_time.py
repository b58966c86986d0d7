"""Assignments: due dates, clocks, reminders, notes and questions, and the states in between and after

Revision: 0033
Follows: 0032
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS: tuple[tuple[str, sa.types.TypeEngine[Any], str | None], ...] = (
    ("consultation_id", sa.Uuid(), None),
    ("changed_at", INSTANT, None),
    ("due_at", INSTANT, None),
    ("due_reason", sa.String(length=500), None),
    ("runs_out_at", INSTANT, None),
    ("next_reminder_at", INSTANT, None),
    ("escalation", sa.Integer(), "0"),
    ("clock_stopped_at", INSTANT, None),
    ("seconds_stopped", BIG, "0"),
    ("question_id", sa.Uuid(), None),
    ("in_progress_at", INSTANT, None),
    ("answered_at", INSTANT, None),
    ("confirmed_at", INSTANT, None),
    ("returned_at", INSTANT, None),
    ("return_remark", sa.String(length=1000), None),
    ("recalled_at", INSTANT, None),
    ("recall_reason", sa.String(length=1000), None),
    ("transferred_to", sa.String(length=64), None),
    ("transfer_reason", sa.String(length=1000), None),
    ("came_from_id", sa.Uuid(), None),
)
INDEXES = (
    ("ix_assignments_running", ["runs_out_at", "id"]),
    ("ix_assignments_department_running", ["department_id", "runs_out_at", "id"]),
    ("ix_assignments_consultation_running", ["consultation_id", "runs_out_at", "id"]),
    ("ix_assignments_changed", ["department_id", "changed_at", "id"]),
    ("ix_assignments_reminding", ["next_reminder_at"]),
    ("ix_assignments_question", ["question_id"]),
)
BEFORE = "'delivered', 'acknowledged', 'answered'"
SINCE = "'delivered', 'acknowledged', 'in_progress', 'answered', 'confirmed'"


def upgrade() -> None:
    for name, kind, default in COLUMNS:
        op.add_column("assignments", sa.Column(name, kind, nullable=default is None, server_default=default))
    op.execute(
        "UPDATE assignments SET changed_at = coalesce(closed_at, acknowledged_at, assigned_at),"
        " answered_at = CASE WHEN state = 'answered' THEN closed_at END,"
        " consultation_id = (SELECT consultation_id FROM suggestions s WHERE s.id = assignments.suggestion_id)"
    )
    for name, columns in INDEXES:
        op.create_index(name, "assignments", columns)
    _tables()
    _stage_by(SINCE)
    place = "consultation_id" if _sqlite() else "replace(consultation_id::text, '-', '')"
    op.execute(
        "INSERT INTO counters (name, scope, value, state, n)"
        f" SELECT 'assignments', {place}, department_id, state, count(*) FROM assignments GROUP BY 2, 3, 4"
    )


def downgrade() -> None:
    """Whoever is past what the older states know is put back to the one that says the most of it."""
    for table in ("assignment_terms", "assignment_questions", "progress_notes", "assignment_reminders"):
        op.drop_table(table)
    for kept in ("counters", "counter_changes"):
        op.execute(f"DELETE FROM {kept} WHERE name = 'assignments'")
    older = {
        "in_progress": "acknowledged",
        "confirmed": "answered",
        "recalled": "sent_back",
        "transferred": "sent_back",
    }
    for state, known in older.items():
        op.execute(f"UPDATE assignments SET state = '{known}' WHERE state = '{state}'")
    _stage_by(BEFORE)
    for name, _on in reversed(INDEXES):
        op.drop_index(name, "assignments")
    for name, _kind, _default in reversed(COLUMNS):
        op.drop_column("assignments", name)


def _tables() -> None:
    op.create_table(
        "assignment_reminders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=True),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("tone", sa.String(length=40), nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("sent_by", sa.String(length=80), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_assignment_reminders_assignment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_reminders")),
        sa.UniqueConstraint("once", name=op.f("uq_assignment_reminders_once")),
    )
    op.create_index("ix_assignment_reminders_order", "assignment_reminders", ["assignment_id", "sent_at"])
    op.create_table(
        "progress_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_progress_notes_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_notes")),
    )
    op.create_index("ix_progress_notes_order", "progress_notes", ["assignment_id", "written_at"])
    op.create_table(
        "assignment_questions",
        sa.Column("clarification_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clarification_id"], ["clarifications.id"], name=op.f("fk_assignment_questions_clarification_id")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_assignment_questions_assignment_id")
        ),
        sa.PrimaryKeyConstraint("clarification_id", name=op.f("pk_assignment_questions")),
    )
    op.create_index(op.f("ix_assignment_questions_assignment_id"), "assignment_questions", ["assignment_id"])
    op.create_table(
        "assignment_terms",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("cooperating_days", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_assignment_terms_consultation_id")
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_assignment_terms")),
    )


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _stage_by(leading: str) -> None:
    """Rewrites the triggers of 0024 that keep what is due next about a suggestion, by the states in which a lead leads.

    A stage itself stays as it is: none of the new states is in the store before, and the old ones say the same.
    """
    if not _sqlite():
        op.execute(
            "CREATE OR REPLACE FUNCTION suggestions_staged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" NEW.stage := {_stage('NEW', leading)}; RETURN NEW; END $$"
        )
        return
    stage = f"UPDATE suggestions SET stage = {_stage('suggestions', leading)} WHERE id = "
    triggers = {
        "suggestions_staged_in": ("INSERT ON suggestions", "NEW.id"),
        "suggestions_staged": ("UPDATE OF state, return_remark, handed_over_at ON suggestions", "NEW.id"),
        "assignments_staged_insert": ("INSERT ON assignments", "NEW.suggestion_id"),
        "assignments_staged_update": ("UPDATE OF state, role ON assignments", "NEW.suggestion_id"),
        "assignments_staged_delete": ("DELETE ON assignments", "OLD.suggestion_id"),
    }
    for name, (event, suggestion) in triggers.items():
        op.execute(f"DROP TRIGGER {name}")
        op.execute(f"CREATE TRIGGER {name} AFTER {event} BEGIN {stage}{suggestion}; END")


def _stage(row: str, leading: str) -> str:
    leads = (
        f"EXISTS (SELECT 1 FROM assignments a WHERE a.suggestion_id = {row}.id AND a.role = 'lead'"
        f" AND a.state IN ({leading}))"
    )
    return (
        f"CASE WHEN {row}.state = 'editing' AND {row}.return_remark IS NOT NULL THEN 'returned'"
        f" WHEN {row}.state <> 'approved' THEN {row}.state"
        f" WHEN {row}.handed_over_at IS NULL THEN 'to_assign'"
        f" WHEN {leads} THEN 'handed_over' ELSE 'sent_back' END"
    )
