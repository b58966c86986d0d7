"""Ask other organs for their opinions by letter: letters, organs, replies and their scans, opinions, reminders

Revision: 0034
Follows: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
STATE = sa.String(length=40)
PERSON = sa.String(length=80)


def upgrade() -> None:
    _letters()
    _files()
    _organs()
    _opinions()
    _reminders()
    _earlier()


def _letters() -> None:
    op.create_table(
        "soundings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("document_number", sa.String(length=80), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("silence_counts", sa.Boolean(), nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("created_by", PERSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _to("soundings", "consultation_id", "consultations"),
        _to("soundings", "version_id", "document_versions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_soundings")),
    )
    op.create_index("ix_soundings_list", "soundings", ["created_at", "id"])
    op.create_index("ix_soundings_of_consultation", "soundings", ["consultation_id", "created_at", "id"])


def _files() -> None:
    op.create_table(
        "sounding_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", STATE, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scan", STATE, nullable=False),
        sa.Column("scanned_at", INSTANT, nullable=True),
        sa.Column("finding", sa.String(length=200), nullable=True),
        _to("sounding_files", "consultation_id", "consultations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sounding_files")),
    )
    op.create_index("ix_sounding_files_content", "sounding_files", ["sha256"])
    op.create_index("ix_sounding_files_scan", "sounding_files", ["scan", "id"])


def _organs() -> None:
    op.create_table(
        "sounded_organs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sounding_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("invited_at", INSTANT, nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("document_number", sa.String(length=80), nullable=True),
        sa.Column("signer", sa.String(length=80), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by", PERSON, nullable=True),
        sa.Column("entered_at", INSTANT, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _to("sounded_organs", "sounding_id", "soundings"),
        _to("sounded_organs", "consultation_id", "consultations"),
        _to("sounded_organs", "department_id", "departments"),
        _to("sounded_organs", "file_id", "sounding_files"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sounded_organs")),
        sa.UniqueConstraint("sounding_id", "name", name=op.f("uq_sounded_organs_sounding_id_name")),
    )
    op.create_index("ix_sounded_organs_order", "sounded_organs", ["sounding_id", "place"])


def _opinions() -> None:
    op.create_table(
        "organ_opinions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organ_id", sa.Uuid(), nullable=False),
        sa.Column("sounding_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=True),
        sa.Column("entered_by", PERSON, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("adoption", STATE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("handled_by", PERSON, nullable=True),
        sa.Column("handled_at", INSTANT, nullable=True),
        sa.Column("disagreement", STATE, nullable=False),
        sa.Column("coordination", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _to("organ_opinions", "organ_id", "sounded_organs"),
        _to("organ_opinions", "sounding_id", "soundings"),
        _to("organ_opinions", "consultation_id", "consultations"),
        _to("organ_opinions", "clause_id", "clauses"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organ_opinions")),
        sa.UniqueConstraint("organ_id", "place", name=op.f("uq_organ_opinions_organ_id_place")),
    )
    op.create_index("ix_organ_opinions_of_letter", "organ_opinions", ["sounding_id", "organ_id", "place"])


def _reminders() -> None:
    op.create_table(
        "sounding_reminders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organ_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("document_number", sa.String(length=80), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("recorded_by", PERSON, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        _to("sounding_reminders", "organ_id", "sounded_organs"),
        _to("sounding_reminders", "consultation_id", "consultations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sounding_reminders")),
    )
    op.create_index("ix_sounding_reminders_of_organ", "sounding_reminders", ["organ_id", "sent_on"])


def _earlier() -> None:
    op.create_table(
        "sounding_earlier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", STATE, nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("replaced_by", PERSON, nullable=False),
        sa.Column("replaced_at", INSTANT, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        _to("sounding_earlier", "consultation_id", "consultations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sounding_earlier")),
        sa.UniqueConstraint("record_id", "number", name=op.f("uq_sounding_earlier_record_id_number")),
    )


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    for table in (
        "sounding_earlier",
        "sounding_reminders",
        "organ_opinions",
        "sounded_organs",
        "sounding_files",
        "soundings",
    ):
        op.drop_table(table)
