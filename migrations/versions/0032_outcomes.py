"""Keep every answer, hold outcomes until they are released, and end consultations

Revision: 0032
Follows: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _answers()
    _releases()
    _dispositions()
    _results()
    for name in ("replies_together", "texts_outcomes"):
        op.add_column("consultation_terms", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_deliveries_recipient", "deliveries", ["recipient_kind", "recipient_id"])
    _told_already()


def downgrade() -> None:
    # The older program tells every disposition at once: what was not released may not be left to it.
    op.execute("DELETE FROM dispositions WHERE released_number IS NULL")
    op.execute("DELETE FROM counters WHERE name = 'dispositions'")
    op.execute("DELETE FROM counter_changes WHERE name = 'dispositions'")
    op.drop_index("ix_deliveries_recipient", "deliveries")
    for name in ("replies_together", "texts_outcomes"):
        op.drop_column("consultation_terms", name)
    for table in ("conclusions", "result_reports"):
        op.drop_table(table)
    for index in ("ix_dispositions_state", "ix_dispositions_release"):
        op.drop_index(index, "dispositions")
    for column in reversed(_of_dispositions()):
        op.drop_column("dispositions", column.name)
    op.drop_table("released_outcomes")
    op.drop_table("outcome_releases")
    for column in reversed(_of_answers()):
        op.drop_column("answers", column.name)
    op.drop_table("answer_versions")
    op.drop_table("answer_files")


def _words() -> list[sa.Column[object]]:
    """What a final answer says beside disposition and reason."""
    return [
        sa.Column("citizen_words", sa.Text(), nullable=False, server_default=""),
        sa.Column("approver", sa.String(length=80), nullable=False, server_default=""),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("document_number", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("scan_id", sa.Uuid(), nullable=True),
    ]


def _of_answers() -> list[sa.Column[object]]:
    return [*_words(), sa.Column("number", sa.Integer(), nullable=False, server_default="1")]


def _answers() -> None:
    op.create_table(
        "answer_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scan", sa.String(length=40), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_answer_files_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_files")),
    )
    op.create_index("ix_answer_files_assignment_id", "answer_files", ["assignment_id"])
    op.create_index("ix_answer_files_sha256", "answer_files", ["sha256"])
    for column in _of_answers():
        op.add_column("answers", column)
    op.create_table(
        "answer_versions",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        *_words(),
        sa.Column("answered_by", sa.String(length=80), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=False),
        sa.Column("returned_by", sa.String(length=80), nullable=True),
        sa.Column("returned_at", INSTANT, nullable=True),
        sa.Column("return_remark", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_answer_versions_assignment_id")),
        sa.PrimaryKeyConstraint("assignment_id", "number", name=op.f("pk_answer_versions")),
    )


def _releases() -> None:
    op.create_table(
        "outcome_releases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.String(length=1000), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("prepared_by", sa.String(length=80), nullable=False),
        sa.Column("prepared_at", INSTANT, nullable=False),
        sa.Column("released_by", sa.String(length=80), nullable=True),
        sa.Column("released_at", INSTANT, nullable=True),
        sa.Column("approver", sa.String(length=80), nullable=False),
        sa.Column("document_number", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("withdrawal_reason", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_outcome_releases_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_releases")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_outcome_releases_consultation_id_number")),
    )
    op.create_table(
        "released_outcomes",
        sa.Column("suggestion_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("released_at", INSTANT, nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestions.id"], name=op.f("fk_released_outcomes_suggestion_id")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_released_outcomes_department_id")),
        sa.ForeignKeyConstraint(["release_id"], ["outcome_releases.id"], name=op.f("fk_released_outcomes_release_id")),
        sa.PrimaryKeyConstraint("suggestion_id", "number", name=op.f("pk_released_outcomes")),
    )
    op.create_index("ix_released_outcomes_release", "released_outcomes", ["release_id", "suggestion_id"])


def _of_dispositions() -> list[sa.Column[object]]:
    return [
        sa.Column("consultation_id", sa.Uuid(), nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False, server_default="answered"),
        sa.Column("citizen_words", sa.Text(), nullable=False, server_default=""),
        sa.Column("answered_by", sa.String(length=80), nullable=False, server_default=""),
        sa.Column("confirmed_by", sa.String(length=80), nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("letter_number", sa.String(length=200), nullable=True),
        sa.Column("letter_dated_on", sa.Date(), nullable=True),
        sa.Column("letter_signed_by", sa.String(length=80), nullable=True),
        sa.Column("return_remark", sa.String(length=1000), nullable=True),
        sa.Column("release_id", sa.Uuid(), nullable=True),
        sa.Column("released_number", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
    ]


def _dispositions() -> None:
    for column in _of_dispositions():
        op.add_column("dispositions", column)
    op.create_index(
        "ix_dispositions_state", "dispositions", ["consultation_id", "state", "decided_at", "suggestion_id"]
    )
    op.create_index("ix_dispositions_release", "dispositions", ["release_id", "suggestion_id"])


def _results() -> None:
    op.create_table(
        "result_reports",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_by", sa.String(length=80), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_result_reports_consultation_id")
        ),
        sa.PrimaryKeyConstraint("consultation_id", "stage", name=op.f("pk_result_reports")),
    )
    op.create_table(
        "conclusions",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("concluded_by", sa.String(length=80), nullable=False),
        sa.Column("concluded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_conclusions_consultation_id")),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_conclusions")),
    )


def _told_already() -> None:
    """What earlier versions decided stood on the receipts at once: it is released, and every answer is its first."""
    op.execute(
        "INSERT INTO answer_versions (assignment_id, number, kind, reason, draft, answered_by, answered_at)"
        " SELECT assignment_id, 1, kind, reason, draft, answered_by, answered_at FROM answers"
    )
    op.execute(
        "INSERT INTO released_outcomes"
        " (suggestion_id, number, department_id, kind, reason, words, decided_at, released_at)"
        " SELECT suggestion_id, 1, department_id, kind, reason, reason, decided_at, decided_at FROM dispositions"
    )
    op.execute(
        "UPDATE dispositions SET state = 'released', released_number = 1, consultation_id ="
        " (SELECT s.consultation_id FROM suggestions s WHERE s.id = dispositions.suggestion_id), assignment_id ="
        " (SELECT a.id FROM assignments a WHERE a.suggestion_id = dispositions.suggestion_id AND a.role = 'lead'"
        " AND a.state = 'answered' LIMIT 1)"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "INSERT INTO counter_changes (name, scope, value, state, n)"
            " SELECT 'dispositions', consultation_id, '', 'released', count(*) FROM dispositions"
            " GROUP BY consultation_id"
        )
    else:
        op.execute(
            "INSERT INTO counter_changes (name, scope, value, state, n)"
            " SELECT 'dispositions', replace(consultation_id::text, '-', ''), '', 'released', count(*)"
            " FROM dispositions GROUP BY consultation_id"
        )
