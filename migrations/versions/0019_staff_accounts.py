"""Keep second factors, passkeys, scoped roles, where sessions are from, and failed sign-ins

Revision: 0019
Follows: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ADDED = (
    ("staff_users", "frozen_at", INSTANT),
    ("staff_users", "password_until", INSTANT),
    ("staff_users", "factors_reset_at", INSTANT),
    ("staff_sessions", "proven_at", INSTANT),
    ("staff_sessions", "network", sa.String(60)),
    ("staff_sessions", "browser", sa.String(40)),
)
TABLES = (
    "scoped_roles",
    "staff_authenticators",
    "staff_recovery_codes",
    "staff_passkeys",
    "staff_provider_identities",
    "sign_in_failures",
)


def upgrade() -> None:
    for table, name, kind in ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_table(
        "scoped_roles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("scope_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff_users.id"], name=op.f("fk_scoped_roles_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", "scope", "scope_id", name=op.f("pk_scoped_roles")),
    )
    op.create_table(
        "staff_authenticators",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["staff_users.id"], name=op.f("fk_staff_authenticators_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_staff_authenticators")),
    )
    op.create_table(
        "staff_recovery_codes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["staff_users.id"], name=op.f("fk_staff_recovery_codes_user_id")),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name=op.f("pk_staff_recovery_codes")),
    )
    op.create_table(
        "staff_passkeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["staff_users.id"], name=op.f("fk_staff_passkeys_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_staff_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_staff_passkeys_user_id"), "staff_passkeys", ["user_id"])
    op.create_table(
        "staff_provider_identities",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff_users.id"], name=op.f("fk_staff_provider_identities_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_staff_provider_identities")),
    )
    op.create_index(
        "ux_staff_provider_identities_subject", "staff_provider_identities", ["issuer", "subject"], unique=True
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(op.f("ix_sign_in_failures_last_at"), "sign_in_failures", ["last_at"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    for table, name, _ in reversed(ADDED):
        op.drop_column(table, name)
