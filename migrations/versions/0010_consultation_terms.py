"""Let each consultation decide about its form and its display

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SWITCHES = (
    "asks_id_number",
    "asks_email",
    "takes_organisations",
    "takes_sign_in",
    "takes_files",
    "checks_answers",
    "shows_names",
    "reviews_first",
    "totals_while_open",
    "feed_while_open",
    "downloads_while_open",
    "statistics_while_open",
)


def upgrade() -> None:
    op.create_table(
        "consultation_terms",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in SWITCHES),
        sa.Column("keeps_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_consultation_terms_consultation_id")
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_consultation_terms")),
    )


def downgrade() -> None:
    op.drop_table("consultation_terms")
