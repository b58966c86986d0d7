"""An entry is kept or lost together with the change it tells of, and the list shows the newest first."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit import queries, record
from app.audit.models import AuditEntry
from app.departments.actions import add_departments
from app.departments.directory import load_seed
from app.departments.models import Department
from app.kit.database import Database
from app.kit.errors import Conflict, Forbidden
from app.kit.paging import Key, read_cursor
from app.permissions import Actor, ActorKind, operator

NOW = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
CLERK = Actor(ActorKind.STAFF, "clerk-1", frozenset(), request_id="request-1")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.close()


def _count(database: Database, kind: type[AuditEntry] | type[Department]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_an_entry_says_who_did_what_when_to_which_record(database: Database) -> None:
    row = uuid.UUID(int=7)
    with database.writing() as session:
        record(session, CLERK, NOW, "submission.accepted", ("submission", row), count=2, names=["a"], nothing=None)
    with database.reading() as session:
        (entry,) = queries.of_record(session, "submission", row)
    assert (entry.at, entry.action) == (NOW, "submission.accepted")
    assert (entry.actor_kind, entry.actor_id, entry.request_id) == (ActorKind.STAFF, "clerk-1", "request-1")
    assert (entry.record_kind, entry.record_id) == ("submission", str(row))
    assert entry.detail == {"count": 2, "names": ["a"]}


def test_the_entry_is_kept_with_the_change(database: Database) -> None:
    with database.writing() as session:
        added = add_departments(session, operator("tests"), NOW, load_seed())
    assert _count(database, Department) == added > 0
    with database.reading() as session:
        (entry,) = queries.of_record(session, "directory", "departments")
    assert (entry.actor_kind, entry.actor_id, entry.detail) == (ActorKind.OPERATOR, "tests", {"count": added})


def _add_and_fail(database: Database) -> None:
    with database.writing() as session:
        add_departments(session, operator("tests"), NOW, load_seed())
        session.flush()
        raise ZeroDivisionError


def test_the_entry_vanishes_with_the_change(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _add_and_fail(database)
    assert (_count(database, Department), _count(database, AuditEntry)) == (0, 0)


def _add_with_entry(database: Database, row: uuid.UUID) -> None:
    with database.writing() as session:
        add_departments(session, operator("tests"), NOW, load_seed())
        session.add(_entry(row, NOW))


def test_a_change_whose_entry_can_not_be_kept_vanishes_too(database: Database) -> None:
    row = uuid.uuid4()
    with database.writing() as session:
        session.add(_entry(row, NOW))
    with pytest.raises(Conflict):
        _add_with_entry(database, row)
    assert (_count(database, Department), _count(database, AuditEntry)) == (0, 1)


def test_what_was_not_permitted_leaves_no_entry_of_a_change(database: Database) -> None:
    with pytest.raises(Forbidden), database.writing() as session:
        add_departments(session, CLERK, NOW, load_seed())
    assert (_count(database, Department), _count(database, AuditEntry)) == (0, 0)


def _entry(row: uuid.UUID, at: datetime) -> AuditEntry:
    return AuditEntry(
        id=row, at=at, actor_kind=ActorKind.STAFF, actor_id="c", action="a", record_kind="k", record_id="1", detail={}
    )


def _pages(session: Session, limit: int) -> Iterator[list[uuid.UUID]]:
    before: Key | None = None
    while True:
        page = queries.latest(session, before, limit)
        yield [entry.id for entry in page.items]
        before = read_cursor(page.next_cursor)
        if before is None:
            return


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_pages_show_every_entry_once_and_the_newest_first(database: Database, limit: int) -> None:
    """Three entries of one instant stand across the edges of pages."""
    seconds = [0, 1, 1, 1, 2, 3, 4]
    rows = [(NOW + timedelta(seconds=second), uuid.UUID(int=place)) for place, second in enumerate(seconds)]
    with database.writing() as session:
        session.add_all(_entry(row, at) for at, row in rows)
    with database.reading() as session:
        pages = list(_pages(session, limit))
    assert [row for page in pages for row in page] == [row for _, row in sorted(rows, reverse=True)]
    assert all(len(page) == limit for page in pages[:-1])


def test_an_entry_written_meanwhile_moves_no_page(database: Database) -> None:
    with database.writing() as session:
        session.add_all(_entry(uuid.UUID(int=place), NOW + timedelta(seconds=place)) for place in range(4))
    with database.reading() as session:
        first = queries.latest(session, None, 2)
    with database.writing() as session:
        session.add(_entry(uuid.UUID(int=9), NOW + timedelta(seconds=9)))
    with database.reading() as session:
        second = queries.latest(session, read_cursor(first.next_cursor), 2)
    assert [entry.id.int for entry in (*first.items, *second.items)] == [3, 2, 1, 0]
    assert second.next_cursor is None


def test_the_entries_of_one_record_stand_in_the_order_of_what_was_done(database: Database) -> None:
    with database.writing() as session:
        for second, action in ((2, "third"), (0, "first"), (1, "second")):
            record(session, CLERK, NOW + timedelta(seconds=second), action, ("submission", 1))
        record(session, CLERK, NOW, "other", ("submission", 2))
        record(session, CLERK, NOW, "other", ("suggestion", 1))
    with database.reading() as session:
        assert [entry.action for entry in queries.of_record(session, "submission", 1)] == ["first", "second", "third"]
