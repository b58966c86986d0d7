"""Find the decisions of a day without reading all, and count them by day

Revision: 0025
Follows: 0024
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

FILLING = {
    "sqlite": (
        "INSERT INTO counters (name, scope, value, state, n)"
        " SELECT 'decisions.day', s.consultation_id, date(d.decided_at, '+8 hours'), d.decision, count(*)"
        " FROM screening_decisions d JOIN submissions s ON s.id = d.submission_id"
        " WHERE d.undone_at IS NULL GROUP BY 1, 2, 3, 4"
    ),
    "postgresql": (
        "INSERT INTO counters (name, scope, value, state, n)"
        " SELECT 'decisions.day', replace(s.consultation_id::text, '-', ''),"
        " to_char(d.decided_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'), d.decision, count(*)"
        " FROM screening_decisions d JOIN submissions s ON s.id = d.submission_id"
        " WHERE d.undone_at IS NULL GROUP BY 1, 2, 3, 4"
    ),
}


def upgrade() -> None:
    op.create_index("ix_screening_decisions_day", "screening_decisions", ["decided_at", "decided_by"])
    op.execute(FILLING[op.get_bind().dialect.name])


def downgrade() -> None:
    op.execute("DELETE FROM counters WHERE name = 'decisions.day'")
    op.execute("DELETE FROM counter_changes WHERE name = 'decisions.day'")
    op.drop_index("ix_screening_decisions_day", "screening_decisions")
