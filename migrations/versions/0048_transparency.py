"""Keep a log of salted commitments that only grows

Revision: 0048
Follows: 0047
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

ENTRIES = "log_entries"
TABLES = ("log_entries", "log_waiting", "log_places", "log_batches", "log_chunks", "log_nodes")
FIXED = "id, kind, at, commitment, subject, consultation_id, said"
"""What of an entry never changes; its salt may be forgotten, which the second trigger sees to."""
SEALED = "EXISTS (SELECT 1 FROM log_places AS p WHERE p.entry_id = OLD.entry_id)"


def upgrade() -> None:
    _entries()
    _tree()
    {"sqlite": _guard_sqlite, "postgresql": _guard_postgresql}[op.get_bind().dialect.name]()


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in reversed(TABLES):
        op.drop_table(table)
    if is_postgresql:
        for function in ("log_refuse", "log_waiting_may_go", "log_wait"):
            op.execute(f"DROP FUNCTION {function}()")


def _entries() -> None:
    op.create_table(
        ENTRIES,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=True),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("consultation_id", sa.Uuid(), nullable=True),
        sa.Column("said", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_entries")),
    )
    op.create_index("ix_log_entries_subject", ENTRIES, ["consultation_id", "subject", "kind"])
    op.create_table(
        "log_waiting",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_log_waiting")),
    )
    op.create_table(
        "log_places",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_log_places")),
    )


def _tree() -> None:
    op.create_table(
        "log_batches",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("tops", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_batches")),
    )
    op.create_table(
        "log_chunks",
        sa.Column("batch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("batch", "number", name=op.f("pk_log_chunks")),
    )
    op.create_table(
        "log_nodes",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_log_nodes")),
    )


def _guard_sqlite() -> None:
    """INSERT OR REPLACE fires these only where `recursive_triggers` is on, which the service sets."""
    for table in TABLES:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        of = f" OF {FIXED}" if table == ENTRIES else ""
        when = f" WHEN NOT ({SEALED})" if table == "log_waiting" else ""
        op.execute(f"CREATE TRIGGER {table}_stay BEFORE UPDATE{of} ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}{when} {refuse}")
    op.execute(
        "CREATE TRIGGER log_entries_salt BEFORE UPDATE OF salt ON log_entries WHEN NEW.salt IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'a salt is only forgotten'); END"
    )
    op.execute(
        "CREATE TRIGGER log_entries_wait AFTER INSERT ON log_entries"
        " BEGIN INSERT INTO log_waiting (entry_id) VALUES (NEW.id); END"
    )


def _guard_postgresql() -> None:
    refuse = "RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'"
    op.execute(f"CREATE FUNCTION log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse}; END $$")
    op.execute(
        "CREATE FUNCTION log_waiting_may_go() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF NOT ({SEALED}) THEN {refuse}; END IF; RETURN OLD; END $$"
    )
    for table in TABLES:
        of = f" OF {FIXED}" if table == ENTRIES else ""
        may_go = "log_waiting_may_go" if table == "log_waiting" else "log_refuse"
        stay = f"BEFORE UPDATE{of} ON {table} FOR EACH ROW"
        op.execute(f"CREATE TRIGGER {table}_stay {stay} EXECUTE FUNCTION log_refuse()")
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {may_go}()")
        op.execute(
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION log_refuse()"
        )
    op.execute(
        "CREATE TRIGGER log_entries_salt BEFORE UPDATE OF salt ON log_entries FOR EACH ROW"
        " WHEN (NEW.salt IS NOT NULL) EXECUTE FUNCTION log_refuse()"
    )
    op.execute(
        "CREATE FUNCTION log_wait() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN INSERT INTO log_waiting (entry_id) VALUES (NEW.id); RETURN NULL; END $$"
    )
    op.execute("CREATE TRIGGER log_entries_wait AFTER INSERT ON log_entries FOR EACH ROW EXECUTE FUNCTION log_wait()")
