"""Keep every version of a suggestion's words, its remarks, what is left to gather of a submission, and themes

Revision: 0021
Follows: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
REFERENCES = ("theme_id", "merged_into_id")
"""Columns added to `suggestions`. SQLite can't add a foreign key with a name to a table that rows of others refer to,
so neither store has one here: the actions keep what they refer to, and nothing of it is ever deleted."""


def upgrade() -> None:
    _themes()
    _theme_groups()
    _submission_themes()
    _suggestions()
    _suggestion_versions()
    _suggestion_remarks()
    _coverages()


def _themes() -> None:
    op.create_table(
        "themes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("named_by", sa.String(length=80), nullable=False),
        sa.Column("named_at", INSTANT, nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_themes_consultation_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["themes.id"], name=op.f("fk_themes_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
        sa.UniqueConstraint("consultation_id", "name", name=op.f("uq_themes_consultation_id_name")),
    )


def _theme_groups() -> None:
    op.create_table(
        "theme_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("theme_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("centre", sa.LargeBinary(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_theme_groups_consultation_id")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_theme_groups_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_groups")),
    )
    op.create_index("ix_theme_groups_list", "theme_groups", ["consultation_id", "state", "members", "id"])


def _submission_themes() -> None:
    op.create_table(
        "submission_themes",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("theme_id", sa.Uuid(), nullable=True),
        sa.Column("likeness", sa.Float(), nullable=True),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_submission_themes_submission_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_submission_themes_consultation_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["theme_groups.id"], name=op.f("fk_submission_themes_group_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_submission_themes_theme_id")),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_submission_themes")),
    )
    op.create_index("ix_submission_themes_theme", "submission_themes", ["theme_id", "submission_id"])
    op.create_index("ix_submission_themes_group", "submission_themes", ["consultation_id", "group_id", "likeness"])


def _suggestions() -> None:
    op.add_column("suggestions", sa.Column("persons_without_number", sa.Integer(), nullable=False, server_default="0"))
    for column in REFERENCES:
        op.add_column("suggestions", sa.Column(column, sa.Uuid(), nullable=True))
    op.create_index("ix_suggestions_theme", "suggestions", ["theme_id", "state", "created_at", "id"])


def _suggestion_versions() -> None:
    op.create_table(
        "suggestion_versions",
        sa.Column("suggestion_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("theme", sa.String(length=100), nullable=False),
        sa.Column("clause_id", sa.Uuid(), nullable=True),
        sa.Column("edited_by", sa.String(length=80), nullable=False),
        sa.Column("edited_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestions.id"], name=op.f("fk_suggestion_versions_suggestion_id")
        ),
        sa.ForeignKeyConstraint(["clause_id"], ["clauses.id"], name=op.f("fk_suggestion_versions_clause_id")),
        sa.PrimaryKeyConstraint("suggestion_id", "number", name=op.f("pk_suggestion_versions")),
    )
    op.execute(
        "INSERT INTO suggestion_versions (suggestion_id, number, change, text, theme, clause_id, edited_by, edited_at)"
        " SELECT id, 1, 'gathered', text, theme, clause_id, edited_by, created_at FROM suggestions"
    )


def _suggestion_remarks() -> None:
    op.create_table(
        "suggestion_remarks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("suggestion_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestions.id"], name=op.f("fk_suggestion_remarks_suggestion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_remarks")),
    )
    op.create_index("ix_suggestion_remarks_thread", "suggestion_remarks", ["suggestion_id", "written_at", "id"])


def _coverages() -> None:
    op.create_table(
        "coverages",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("uncovered", sa.Integer(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_coverages_submission_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_coverages_consultation_id")),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_coverages")),
    )
    op.create_index("ix_coverages_open", "coverages", ["is_open", "received_at", "submission_id"])
    op.create_index(
        "ix_coverages_consultation", "coverages", ["consultation_id", "is_open", "received_at", "submission_id"]
    )
    op.execute(
        "INSERT INTO coverages (submission_id, consultation_id, received_at, is_open)"
        " SELECT id, consultation_id, received_at, true FROM submissions WHERE state = 'accepted'"
    )


def downgrade() -> None:
    op.drop_table("coverages")
    op.drop_table("suggestion_remarks")
    op.drop_table("suggestion_versions")
    op.drop_index("ix_suggestions_theme", "suggestions")
    for column in reversed(REFERENCES):
        op.drop_column("suggestions", column)
    op.drop_column("suggestions", "persons_without_number")
    op.drop_table("submission_themes")
    op.drop_table("theme_groups")
    op.drop_table("themes")
