"""Find the events of one record

Revision: 0037
Follows: 0036
"""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_events_record", "events", ["record_kind", "record_id"])


def downgrade() -> None:
    op.drop_index("ix_events_record", "events")
