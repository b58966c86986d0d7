"""Seal the audit log into a chain that nobody can change unseen; keep unlocked identities, exports and freezes

Revision: 0020
Follows: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ENTRIES = "audit_entries"
INDEXES = {
    "ix_audit_entries_actor": ["actor_id", "at", "id"],
    "ix_audit_entries_action": ["action", "at", "id"],
    "ix_audit_entries_consultation": ["consultation_id", "at", "id"],
}
ARCHIVED_ENTRY = """EXISTS (SELECT 1 FROM audit_seals AS s JOIN audit_segments AS g
    ON s.position BETWEEN g.first AND g.last WHERE s.entry_id = OLD.id)"""
ARCHIVED_SEAL = """EXISTS (SELECT 1 FROM audit_segments AS g WHERE OLD.position BETWEEN g.first AND g.last)
    AND NOT EXISTS (SELECT 1 FROM audit_entries AS e WHERE e.id = OLD.entry_id)"""
SEALED = "EXISTS (SELECT 1 FROM audit_seals AS s WHERE s.entry_id = OLD.entry_id)"
MAY_GO = {
    "audit_entries": ARCHIVED_ENTRY,
    "audit_seals": ARCHIVED_SEAL,
    "audit_segments": "0 = 1",
    "audit_unsealed": SEALED,
}
"""What may be deleted of each table; nothing of any may be changed."""


def upgrade() -> None:
    op.add_column(ENTRIES, sa.Column("source", sa.String(64), nullable=True))
    op.add_column(ENTRIES, sa.Column("result", sa.String(40), nullable=False, server_default="done"))
    op.add_column(ENTRIES, sa.Column("consultation_id", sa.Uuid(), nullable=True))
    for name, columns in INDEXES.items():
        op.create_index(name, ENTRIES, columns)
    _chain()
    _unlocks_and_exports()
    op.execute("INSERT INTO audit_unsealed (entry_id) SELECT id FROM audit_entries")
    {"sqlite": _guard_sqlite, "postgresql": _guard_postgresql}[op.get_bind().dialect.name]()


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    of_table = " ON {}" if is_postgresql else ""
    op.execute(f"DROP TRIGGER audit_entries_wait{of_table.format(ENTRIES)}")
    for table in MAY_GO:
        for trigger in ("stay", "kept", *(("whole",) if is_postgresql else ())):
            op.execute(f"DROP TRIGGER {table}_{trigger}{of_table.format(table)}")
    if is_postgresql:
        for function in ("audit_refuse", "audit_wait", *(f"{table}_may_go" for table in MAY_GO)):
            op.execute(f"DROP FUNCTION {function}()")
    for table in ("freezes", "exported_records", "exports", "identity_unlocks"):
        op.drop_table(table)
    for table in ("audit_unsealed", "audit_segments", "audit_seals"):
        op.drop_table(table)
    for name in INDEXES:
        op.drop_index(name, ENTRIES)
    for column in ("consultation_id", "result", "source"):
        op.drop_column(ENTRIES, column)


def _chain() -> None:
    op.create_table(
        "audit_seals",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_seals_entry_id")),
    )
    op.create_table(
        "audit_unsealed",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_unsealed")),
    )
    op.create_table(
        "audit_segments",
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("first", name=op.f("pk_audit_segments")),
    )


def _unlocks_and_exports() -> None:
    op.create_table(
        "identity_unlocks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_identity_unlocks_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_unlocks")),
    )
    op.create_index("ix_identity_unlocks_holder", "identity_unlocks", ["submission_id", "staff_id", "until"])
    op.create_index("ix_identity_unlocks_at", "identity_unlocks", ["at", "id"])
    op.create_table(
        "exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.String(length=80), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index("ix_exports_at", "exports", ["at", "id"])
    op.create_table(
        "exported_records",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"], name=op.f("fk_exported_records_export_id")),
        sa.PrimaryKeyConstraint("export_id", "record_kind", "record_id", name=op.f("pk_exported_records")),
    )
    op.create_index("ix_exported_records_record", "exported_records", ["record_kind", "record_id"])
    op.create_table(
        "freezes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=80), nullable=True),
        sa.Column("lifted_reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freezes")),
    )
    op.create_index("ix_freezes_what", "freezes", ["what", "lifted_at"])


def _guard_sqlite() -> None:
    """INSERT OR REPLACE fires these only where `recursive_triggers` is on, which the service sets."""
    for table, may_go in MAY_GO.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        op.execute(f"CREATE TRIGGER {table}_stay BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} WHEN NOT ({may_go}) {refuse}")
    op.execute(
        "CREATE TRIGGER audit_entries_wait AFTER INSERT ON audit_entries"
        " BEGIN INSERT INTO audit_unsealed (entry_id) VALUES (NEW.id); END"
    )


def _guard_postgresql() -> None:
    refuse = "RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'"
    op.execute(f"CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse}; END $$")
    for table, may_go in MAY_GO.items():
        op.execute(
            f"CREATE FUNCTION {table}_may_go() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN IF NOT ({may_go}) THEN {refuse}; END IF; RETURN OLD; END $$"
        )
        op.execute(f"CREATE TRIGGER {table}_stay BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse()")
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_may_go()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
    op.execute(
        "CREATE FUNCTION audit_wait() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN INSERT INTO audit_unsealed (entry_id) VALUES (NEW.id); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_wait AFTER INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION audit_wait()"
    )
