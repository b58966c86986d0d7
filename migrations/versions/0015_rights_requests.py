"""Keep what people ask about their own data

Revision: 0015
Follows: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kinds = sa.Enum("withdraw", "correct", "copy", "delete", "misuse", name="kind", native_enum=False, length=40)
    states = sa.Enum("open", "granted", "refused", name="state", native_enum=False, length=40)
    op.create_table(
        "rights_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_rights_requests_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_rights_requests_number")),
    )
    op.create_index("ix_rights_requests_order", "rights_requests", ["state", "received_at", "id"])
    op.create_index("ix_rights_requests_submission", "rights_requests", ["submission_id"])
    op.create_table(
        "reported_submissions",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["rights_requests.id"], name=op.f("fk_reported_submissions_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_reported_submissions_submission_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "submission_id", name=op.f("pk_reported_submissions")),
    )
    op.create_table(
        "erased_identities",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_erased_identities_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_erased_identities")),
    )


def downgrade() -> None:
    op.drop_table("erased_identities")
    op.drop_table("reported_submissions")
    op.drop_table("rights_requests")
