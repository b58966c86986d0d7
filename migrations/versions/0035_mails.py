"""Keep mails: sealed as they arrived, each once, with what became of it

Revision: 0035
Follows: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "mail_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("blob_key", sa.String(length=64), nullable=True),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_imports")),
    )
    op.create_index(op.f("ix_mail_imports_made_at"), "mail_imports", ["made_at"])
    op.create_index(op.f("ix_mail_imports_blob_key"), "mail_imports", ["blob_key"])
    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("message_hash", sa.String(length=64), nullable=True),
        sa.Column("blob_key", sa.String(length=64), nullable=True),
        sa.Column("summary", sa.LargeBinary(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_reason", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["mail_imports.id"], name=op.f("fk_mails_import_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_mails_consultation_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_mails_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_mails_content_hash")),
        sa.UniqueConstraint("message_hash", name=op.f("uq_mails_message_hash")),
    )
    op.create_index("ix_mails_state", "mails", ["state", "kept_at", "id"])
    op.create_index("ix_mails_import", "mails", ["import_id", "place"])
    op.create_index("ix_mails_submission", "mails", ["submission_id"])
    op.create_index(op.f("ix_mails_blob_key"), "mails", ["blob_key"])


def downgrade() -> None:
    op.drop_table("mails")
    op.drop_table("mail_imports")
