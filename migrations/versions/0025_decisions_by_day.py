"""Find the decisions of a day without reading all

Revision: 0025
Follows: 0024
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_screening_decisions_day", "screening_decisions", ["decided_at", "decided_by"])


def downgrade() -> None:
    op.drop_index("ix_screening_decisions_day", "screening_decisions")
