"""Let comments wait for a person before they are displayed, keep doubtful ones apart, and hear their authors

Revision: 0016
Follows: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLE = "displayed_comments"
NUMBERING = {
    "sqlite": "UPDATE displayed_comments SET number = random() & 1152921504606846975",
    "postgresql": (
        "UPDATE displayed_comments SET number = ('x' || substr(md5(gen_random_uuid()::text), 1, 15))::bit(60)::bigint"
    ),
}
"""60 random bits for each row."""
ADDED = ("state", "number", "text_hash", "held_for", "taken_down_class", "taken_down_by")
INDEXES = {
    "ix_displayed_comments_public": ["consultation_id", "state", "displayed_at", "number"],
    "ix_displayed_comments_copies": ["consultation_id", "text_hash", "state"],
    "ix_displayed_comments_number": ["number"],
}


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("state", sa.String(40), nullable=False, server_default="displayed"))
    op.add_column(TABLE, sa.Column("number", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column(TABLE, sa.Column("text_hash", sa.String(64), nullable=False, server_default=""))
    op.add_column(TABLE, sa.Column("held_for", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column(TABLE, sa.Column("taken_down_class", sa.String(40), nullable=True))
    op.add_column(TABLE, sa.Column("taken_down_by", sa.String(80), nullable=True))
    op.execute(NUMBERING[op.get_bind().dialect.name])
    op.execute("UPDATE displayed_comments SET state = 'taken_down' WHERE taken_down_at IS NOT NULL")
    op.drop_index("ix_displayed_comments_list", TABLE)
    for name, columns in INDEXES.items():
        op.create_index(name, TABLE, columns)
    op.create_table(
        "guard_words",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("struck", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_guard_words")),
    )
    switch = op.create_table(
        "display_switch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reviews_first", sa.Boolean(), nullable=False),
        sa.Column("words_revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_display_switch")),
    )
    op.bulk_insert(switch, [{"id": 1, "reviews_first": False, "words_revision": 0}])
    op.create_table(
        "quarantined_submissions",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_quarantined_submissions_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_quarantined_submissions")),
    )
    op.create_table(
        "display_objections",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_display_objections_submission_id")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_display_objections_consultation_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_display_objections")),
    )
    op.create_index("ix_display_objections_open", "display_objections", ["consultation_id", "verdict", "at"])


def downgrade() -> None:
    """What isn't on display counts as taken down, and what waits to be looked at as received: else it would show."""
    op.execute(
        "UPDATE displayed_comments SET taken_down_at = displayed_at"
        " WHERE state <> 'displayed' AND taken_down_at IS NULL"
    )
    op.execute("UPDATE submissions SET state = 'received' WHERE state = 'quarantined'")
    op.execute("UPDATE submissions SET state = 'unsuitable' WHERE state = 'discarded'")
    op.drop_table("display_objections")
    op.drop_table("quarantined_submissions")
    op.drop_table("display_switch")
    op.drop_table("guard_words")
    for name in INDEXES:
        op.drop_index(name, TABLE)
    op.create_index("ix_displayed_comments_list", TABLE, ["consultation_id", "displayed_at", "submission_id"])
    for name in reversed(ADDED):
        op.drop_column(TABLE, name)
