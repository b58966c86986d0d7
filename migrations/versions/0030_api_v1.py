"""Let programs of trusted channels have no department; keys' last use, keys for trying out; what each program asked

Revision: 0030
Follows: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _department_may_be_missing(True)
    op.add_column("api_clients", sa.Column("channel", sa.String(length=40), nullable=True))
    op.add_column("api_keys", sa.Column("last_used_at", INSTANT, nullable=True))
    op.add_column("api_keys", sa.Column("test", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "api_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("route", sa.String(length=120), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("key_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_requests")),
    )
    op.create_index("ix_api_requests_of_client", "api_requests", ["client_id", "at", "id"])
    op.create_index("ix_api_requests_at", "api_requests", ["at"])


def downgrade() -> None:
    op.drop_table("api_requests")
    op.drop_column("api_keys", "test")
    op.drop_column("api_keys", "last_used_at")
    op.drop_column("api_clients", "channel")
    op.execute("DELETE FROM api_keys WHERE client_id IN (SELECT id FROM api_clients WHERE department_id IS NULL)")
    op.execute("DELETE FROM api_clients WHERE department_id IS NULL")
    _department_may_be_missing(False)


def _department_may_be_missing(nullable: bool) -> None:
    """SQLite makes the table anew, which its keys would forbid: they are set aside meanwhile."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("api_clients", "department_id", existing_type=sa.String(length=64), nullable=nullable)
        return
    op.execute("CREATE TABLE api_keys_aside AS SELECT * FROM api_keys")
    op.execute("DELETE FROM api_keys")
    with op.batch_alter_table("api_clients") as batch:
        batch.alter_column("department_id", existing_type=sa.String(length=64), nullable=nullable)
    op.execute("INSERT INTO api_keys SELECT * FROM api_keys_aside")
    op.execute("DROP TABLE api_keys_aside")
