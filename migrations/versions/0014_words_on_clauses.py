"""Say which words of a comment are about a clause, and which would replace it

Revision: 0014
Follows: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PLACES = ("text_start", "text_end", "wording_start", "wording_end")


def upgrade() -> None:
    for name in PLACES:
        op.add_column("submission_clauses", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("displayed_comments", sa.Column("wordings", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("displayed_comments", "wordings")
    for name in reversed(PLACES):
        op.drop_column("submission_clauses", name)
