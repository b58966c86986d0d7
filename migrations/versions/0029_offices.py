"""Let departments have staff of their own, with answer templates, a way of finalising, and workbooks that wait

Revision: 0029
Follows: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # SQLite can't add a foreign key with a name to a table that rows of others refer to: the actions keep it.
    op.add_column("staff_users", sa.Column("department_id", sa.String(length=64), nullable=True))
    op.create_index("ix_staff_users_department_id", "staff_users", ["department_id"])
    op.create_table(
        "offices",
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("is_two_step", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_offices_department_id")),
        sa.PrimaryKeyConstraint("department_id", name=op.f("pk_offices")),
    )
    op.create_table(
        "answer_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("citizen_words", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_answer_templates_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_templates")),
    )
    op.create_index("ix_answer_templates_department", "answer_templates", ["department_id", "name"])
    op.create_table(
        "office_workbooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.String(length=64), nullable=False),
        sa.Column("sent_by", sa.String(length=80), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("carried_out_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_office_workbooks_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_workbooks")),
    )
    op.create_index("ix_office_workbooks_sent_at", "office_workbooks", ["sent_at"])


def downgrade() -> None:
    op.drop_table("office_workbooks")
    op.drop_table("answer_templates")
    op.drop_table("offices")
    op.drop_index("ix_staff_users_department_id", "staff_users")
    op.drop_column("staff_users", "department_id")
