"""Let submissions be allocated, opened under a lease, discussed, coded by rules, and looked at a second time

Revision: 0017
Follows: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("submissions", sa.Column("allocated_to", sa.String(length=80), nullable=True))
    op.add_column(
        "consultation_terms", sa.Column("second_look_percent", sa.Integer(), nullable=False, server_default="10")
    )
    op.create_table(
        "leases",
        sa.Column("record_kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("record_kind", "record_id", name=op.f("pk_leases")),
    )
    op.create_table(
        "staff_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["corrects_id"], ["staff_notes.id"], name=op.f("fk_staff_notes_corrects_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notes")),
    )
    op.create_index("ix_staff_notes_record", "staff_notes", ["record_kind", "record_id", "written_at"])
    _flags()
    _coding_rules()
    _second_looks()


def _flags() -> None:
    op.create_table(
        "flags",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=500), nullable=False),
        sa.Column("raised_by", sa.String(length=80), nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("resolved_by", sa.String(length=80), nullable=True),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_flags_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
    )
    op.create_index("ix_flags_record", "flags", ["record_kind", "record_id"])
    op.create_index("ix_flags_open", "flags", ["consultation_id", "resolved_at", "raised_at", "id"])


def _coding_rules() -> None:
    op.create_table(
        "coding_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("change", sa.String(length=500), nullable=False),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_coding_rules_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_rules")),
        sa.UniqueConstraint("consultation_id", "version", name=op.f("uq_coding_rules_consultation_id_version")),
    )
    op.create_index(
        "ux_coding_rules_column",
        "coding_rules",
        ["version"],
        unique=True,
        sqlite_where=sa.text("consultation_id IS NULL"),
        postgresql_where=sa.text("consultation_id IS NULL"),
    )


def _second_looks() -> None:
    op.create_table(
        "second_looks",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("drawn_at", INSTANT, nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("unsuitable_class", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("looked_by", sa.String(length=80), nullable=True),
        sa.Column("looked_at", INSTANT, nullable=True),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_reason", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["screening_decisions.id"], name=op.f("fk_second_looks_decision_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_second_looks_submission_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_second_looks_consultation_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_second_looks")),
    )
    op.create_index("ix_second_looks_queue", "second_looks", ["state", "consultation_id", "drawn_at", "decision_id"])
    op.create_index("ix_second_looks_submission", "second_looks", ["submission_id"])


def downgrade() -> None:
    for table in ("second_looks", "coding_rules", "flags", "staff_notes", "leases"):
        op.drop_table(table)
    op.drop_column("consultation_terms", "second_look_percent")
    op.drop_column("submissions", "allocated_to")
