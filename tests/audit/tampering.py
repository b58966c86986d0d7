"""What somebody with the store's own password could do to the audit log: the guards are taken away first."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from app.audit import record
from app.audit.sealing import seal
from app.kit.database import Database
from app.permissions import Actor, ActorKind

NOW = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
CLERK = Actor(ActorKind.STAFF, "clerk-1", frozenset(), request_id="request-1", source="192.0.2.7")
TABLES = ("audit_entries", "audit_seals", "audit_segments", "audit_unsealed")


def add(database: Database, number: int, first: int = 0) -> None:
    """So many entries, a second apart."""
    with database.writing() as session:
        for place in range(first, first + number):
            at = NOW + timedelta(seconds=place)
            record(session, CLERK, at, "submission.accepted", ("submission", place), reason=f"理由 {place}")


def seal_all(database: Database, at: datetime = NOW) -> int:
    with database.writing() as session:
        return seal(session, at)


def sealed(database: Database, number: int) -> None:
    add(database, number)
    assert seal_all(database) == number


def unguard(database: Database) -> None:
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            for table in TABLES:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            return
        for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            if str(name).startswith("audit_"):
                connection.execute(text(f"DROP TRIGGER {name}"))


def tamper(database: Database, statements: Sequence[str]) -> None:
    unguard(database)
    with database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
