"""Keep what went to the archive, legal holds, and a mark for programs that do not know the newest schema

Revision: 0047
Follows: 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "schema_marks",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schema_marks")),
    )
    op.create_table(
        "archives",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("file_number", sa.String(length=60), nullable=False),
        sa.Column("retention", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("parts", sa.Integer(), nullable=True),
        sa.Column("checked_at", INSTANT, nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("confirmed_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["export_orders.id"], name=op.f("fk_archives_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_archives")),
    )
    op.create_index("ix_archives_consultation", "archives", ["consultation_id", "confirmed_at"])
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("lifted_at", INSTANT, nullable=True),
        sa.Column("lifted_by", sa.String(length=80), nullable=True),
        sa.Column("lifted_reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index("ix_legal_holds_consultation", "legal_holds", ["consultation_id", "lifted_at"])


def downgrade() -> None:
    op.drop_index("ix_legal_holds_consultation", "legal_holds")
    op.drop_table("legal_holds")
    op.drop_index("ix_archives_consultation", "archives")
    op.drop_table("archives")
    op.drop_table("schema_marks")
