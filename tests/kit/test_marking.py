"""A mark that a reading leaves is given up rather than waited for, and never keeps anybody else waiting."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from app.kit.database import SQLITE_PRAGMAS, Database
from app.kit.errors import Unavailable
from app.teamwork.models import Lease
from app.teamwork.records import RecordKind

AT = datetime(2026, 5, 11, tzinfo=UTC)


def _lease() -> Lease:
    return Lease(record_kind=RecordKind.SUBMISSION, record_id=uuid.UUID(int=1), holder="one", since=AT, until=AT)


@pytest.fixture
def other(database_url: str, database: Database) -> Iterator[Database]:
    """Another process, as far as the store knows."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    opened = Database(sqlite_url)
    yield opened
    opened.close()


def test_it_is_kept_where_nobody_else_writes(database: Database) -> None:
    with database.marking() as session:
        session.add(_lease())
    with database.reading() as session:
        assert session.query(Lease).count() == 1


def test_it_is_given_up_while_another_writes_the_same_row(database: Database, other: Database) -> None:
    with database.writing() as session:
        session.add(_lease())
    with other.writing() as session:
        session.execute(text("UPDATE leases SET holder = 'two'"))
        with pytest.raises(Unavailable, match="unavailable"), database.marking() as mark:
            mark.execute(text("UPDATE leases SET holder = 'three'"))
    with database.reading() as session:
        assert session.query(Lease).one().holder == "two"


def test_it_is_given_up_while_this_process_writes(sqlite: Database) -> None:
    with sqlite.writing() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(Unavailable, match="unavailable"), sqlite.marking() as mark:
            mark.add(_lease())


def test_of_two_that_make_the_same_mark_the_second_is_given_up(database: Database) -> None:
    with database.marking() as session:
        session.add(_lease())
    with pytest.raises(Unavailable), database.marking() as session:
        session.add(_lease())


def test_writers_wait_as_long_as_before_after_a_mark(sqlite: Database) -> None:
    with sqlite.marking() as session:
        session.add(_lease())
    with sqlite.writing() as session:
        assert str(session.scalar(text("PRAGMA busy_timeout"))) == SQLITE_PRAGMAS["busy_timeout"]
