"""Tell what became of departments, and queue unknown names

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("departments", sa.Column("state", sa.String(40), nullable=False, server_default="active"))
    op.add_column("departments", sa.Column("ended_reason", sa.String(length=500), nullable=True))
    op.add_column("departments", sa.Column("source", sa.String(length=300), nullable=True))
    op.add_column("departments", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "department_successions",
        sa.Column("predecessor_id", sa.String(length=64), nullable=False),
        sa.Column("successor_id", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["departments.id"], name=op.f("fk_department_successions_predecessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["departments.id"], name=op.f("fk_department_successions_successor_id")
        ),
        sa.PrimaryKeyConstraint("predecessor_id", "successor_id", name=op.f("pk_department_successions")),
    )
    op.create_index(op.f("ix_department_successions_successor_id"), "department_successions", ["successor_id"])
    op.create_table(
        "department_former_names",
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_department_former_names_department_id")
        ),
        sa.PrimaryKeyConstraint("department_id", "position", name=op.f("pk_department_former_names")),
    )
    op.create_table(
        "department_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("written", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("times_seen", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_department_proposals_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_proposals")),
        sa.UniqueConstraint("key", name=op.f("uq_department_proposals_key")),
    )
    op.create_index(
        "ix_department_proposals_queue", "department_proposals", ["state", "first_seen_at", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("department_proposals")
    op.drop_table("department_former_names")
    op.drop_table("department_successions")
    op.drop_column("departments", "revision")
    op.drop_column("departments", "source")
    op.drop_column("departments", "ended_reason")
    op.drop_column("departments", "state")
