"""Note on a consultation when it was concluded, for whoever takes comments in

Revision: 0046
Follows: 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consultations", sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE consultations SET concluded_at ="
        " (SELECT c.concluded_at FROM conclusions AS c WHERE c.consultation_id = consultations.id)"
    )


def downgrade() -> None:
    op.drop_column("consultations", "concluded_at")
