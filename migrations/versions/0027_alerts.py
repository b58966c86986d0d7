"""Count what comes in by the hour, and keep alerts on what is far more than usual

Revision: 0027
Follows: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "hourly_counts",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("hour", INSTANT, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", "hour", "kind", "subject", name=op.f("pk_hourly_counts")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("hour", INSTANT, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Integer(), nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("mailed_at", INSTANT, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_alerts_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint(
            *("consultation_id", "kind", "subject", "hour"), name=op.f("uq_alerts_consultation_id_kind_subject_hour")
        ),
    )
    op.create_index("ix_alerts_raised", "alerts", ["raised_at", "id"])


def downgrade() -> None:
    op.drop_table("alerts")
    op.drop_table("hourly_counts")
