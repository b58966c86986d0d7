"""Take comments of organisations, without an ID number or an e-mail, and of children with a guardian's consent

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLE = "submitter_identities"
MAY_BE_MISSING = ("id_number", "email")
ADDED = ("organisation_name", "credit_code", "guardian_name", "guardian_relation", "guardian_phone")


def upgrade() -> None:
    op.add_column(
        "submissions",
        sa.Column("submitter_kind", sa.String(length=40), nullable=False, server_default="individual"),
    )
    op.add_column("submissions", sa.Column("organisation_type", sa.String(length=40), nullable=True))
    with op.batch_alter_table(TABLE) as table:
        for name in MAY_BE_MISSING:
            table.alter_column(name, existing_type=sa.LargeBinary(), nullable=True)
        for name in ADDED:
            table.add_column(sa.Column(name, sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """A value that is missing becomes one that nothing opens: earlier versions ask for all of them."""
    identities = sa.table(TABLE, *(sa.column(name, sa.LargeBinary()) for name in MAY_BE_MISSING))
    for name in MAY_BE_MISSING:
        missing = identities.c[name].is_(None)
        op.execute(identities.update().where(missing).values({name: b""}))
    with op.batch_alter_table(TABLE) as table:
        for name in reversed(ADDED):
            table.drop_column(name)
        for name in MAY_BE_MISSING:
            table.alter_column(name, existing_type=sa.LargeBinary(), nullable=False)
    op.drop_column("submissions", "organisation_type")
    op.drop_column("submissions", "submitter_kind")
