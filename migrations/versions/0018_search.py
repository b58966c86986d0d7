"""Find words in what was sent in: places in the order of arrival, and an index of characters and pairs of characters

Revision: 0018
Follows: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_places",
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_search_places_submission_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_search_places")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_search_places_submission_id")),
    )
    if op.get_bind().dialect.name == "sqlite":
        # Without a copy of the text: it may be sealed or erased elsewhere, and must not live on here.
        op.execute("CREATE VIRTUAL TABLE search_words USING fts5(numbers, content='', detail=none, tokenize='ascii')")
        return
    op.execute(
        "CREATE TABLE search_words ("
        "place bigint PRIMARY KEY REFERENCES search_places (place) ON DELETE CASCADE, numbers integer[] NOT NULL)"
    )
    op.execute("ALTER TABLE search_words ALTER COLUMN numbers SET STATISTICS 1000")
    op.execute("CREATE INDEX ix_search_words_numbers ON search_words USING gin (numbers)")


def downgrade() -> None:
    op.execute("DROP TABLE search_words")
    op.drop_table("search_places")
