"""Whom to write to about a webhook, and a key pair of its own for signatures that anybody can check.

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None
COLUMNS = (
    ("contact_email", sa.String(length=254)),
    ("sealed_signing_key", sa.LargeBinary()),
    ("public_key", sa.String(length=80)),
)


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("webhook_endpoints", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name, _ in reversed(COLUMNS):
        op.drop_column("webhook_endpoints", name)
