"""The store itself keeps the audit log: no statement changes or removes an entry, whatever the program does."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.audit import record
from app.kit.database import Database
from tests.audit.tampering import CLERK, NOW, add, sealed

SEGMENT = (
    "INSERT INTO audit_segments (first, last, before, seal, file_name, sha256, archived_at)"
    " SELECT 1, {last}, s.seal, s.seal, 'f', 'h', s.sealed_at FROM audit_seals s WHERE s.position = 1"
)


def run(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def count(database: Database, table: str) -> int:
    with database.engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor_id = 'nobody'",
        "UPDATE audit_entries SET at = at",
        "DELETE FROM audit_entries",
        "UPDATE audit_seals SET sealed_at = sealed_at",
        "DELETE FROM audit_seals",
        "UPDATE audit_unsealed SET entry_id = entry_id",
        "DELETE FROM audit_unsealed",
    ],
)
def test_a_statement_that_would_change_the_log_is_refused(database: Database, statement: str) -> None:
    sealed(database, 3)
    add(database, 1, first=3)
    with pytest.raises(DBAPIError, match="only grows"):
        run(database, statement)
    assert [count(database, table) for table in ("audit_entries", "audit_seals", "audit_unsealed")] == [4, 3, 1]


def test_replacing_a_row_is_refused_too(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    sealed(database, 1)
    columns = "id, at, actor_kind, actor_id, action, record_kind, record_id, detail, result"
    with pytest.raises(DBAPIError, match="only grows"):
        run(database, f"INSERT OR REPLACE INTO audit_entries ({columns}) SELECT {columns} FROM audit_entries")
    database.close()


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["audit_entries", "audit_seals", "audit_segments", "audit_unsealed"])
def test_a_table_can_not_be_emptied(postgres_url: str, table: str) -> None:
    database = Database(postgres_url)
    with pytest.raises(DBAPIError, match="only grows"):
        run(database, f"TRUNCATE {table}")
    database.close()


def test_what_an_archived_segment_covers_can_go_and_nothing_else(database: Database) -> None:
    sealed(database, 5)
    of = "id IN (SELECT entry_id FROM audit_seals WHERE position {})"
    with pytest.raises(DBAPIError, match="only grows"):
        run(database, SEGMENT.format(last=3), f"DELETE FROM audit_entries WHERE {of.format('= 4')}")
    with pytest.raises(DBAPIError, match="only grows"):
        run(database, SEGMENT.format(last=3), "DELETE FROM audit_seals WHERE position = 1")
    run(
        database,
        SEGMENT.format(last=3),
        f"DELETE FROM audit_entries WHERE {of.format('<= 3')}",
        "DELETE FROM audit_seals WHERE position <= 3",
    )
    assert count(database, "audit_entries") == count(database, "audit_seals") == 2


@pytest.mark.parametrize("statement", ["UPDATE audit_segments SET last = 9", "DELETE FROM audit_segments"])
def test_what_was_archived_stays_told(database: Database, statement: str) -> None:
    sealed(database, 2)
    run(database, SEGMENT.format(last=1))
    with pytest.raises(DBAPIError, match="only grows"):
        run(database, statement)


def test_every_entry_waits_for_its_seal_whoever_adds_it(database: Database) -> None:
    with database.writing() as session:
        record(session, CLERK, NOW, "a", ("k", 1))
    columns = "at, actor_kind, actor_id, action, record_kind, record_id, detail, result"
    identity = "'00000000000000000000000000000001'"
    run(database, f"INSERT INTO audit_entries (id, {columns}) SELECT {identity}, {columns} FROM audit_entries")
    assert count(database, "audit_unsealed") == 2
