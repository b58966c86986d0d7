"""Keep orders for files of data, what they hold and how far they are

Revision: 0042
Follows: 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "export_orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("format", sa.String(40), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("since", INSTANT, nullable=True),
        sa.Column("until", INSTANT, nullable=True),
        sa.Column("only_state", sa.String(length=40), nullable=True),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("slot", sa.String(length=100), nullable=True),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decision", sa.String(length=500), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.String(length=80), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_export_orders_number")),
        sa.UniqueConstraint("slot", name=op.f("uq_export_orders_slot")),
    )
    op.create_index("ix_export_orders_asked_by", "export_orders", ["asked_by", "asked_at", "id"])
    op.create_index("ix_export_orders_state", "export_orders", ["state", "asked_at", "id"])
    op.create_index("ix_export_orders_asked_at", "export_orders", ["asked_at", "id"])
    op.create_table(
        "export_pieces",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["export_orders.id"], name=op.f("fk_export_pieces_order_id")),
        sa.PrimaryKeyConstraint("order_id", "place", name=op.f("pk_export_pieces")),
    )
    op.create_index("ix_export_pieces_sha256", "export_pieces", ["sha256"])
    op.create_table(
        "ordered_records",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["export_orders.id"], name=op.f("fk_ordered_records_order_id")),
        sa.PrimaryKeyConstraint("order_id", "record_id", name=op.f("pk_ordered_records")),
    )
    op.add_column("exports", sa.Column("order_id", sa.Uuid(), nullable=True))
    op.create_index("ix_submissions_arrival", "submissions", ["consultation_id", "received_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_submissions_arrival", "submissions")
    op.drop_column("exports", "order_id")
    op.drop_table("ordered_records")
    op.drop_index("ix_export_pieces_sha256", "export_pieces")
    op.drop_table("export_pieces")
    for name in ("asked_at", "state", "asked_by"):
        op.drop_index(f"ix_export_orders_{name}", "export_orders")
    op.drop_table("export_orders")
