"""The feed's positions are dense and in order, whoever writes, numbers, reads or dies at the same time."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.events import numbering, queries
from app.events.ledger import NoCode, emit
from app.events.models import EventReader
from app.kit.database import Database
from app.kit.errors import Unprocessable
from tests.support.journey import START
from tests.support.racing import at_once

HERE, THERE = "civil-affairs", "finance"
KIND = "assignment.delivered"


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[Database]:
    """For what needs two writers at once: SQLite lets one in at a time."""
    opened = Database(postgres_url)
    yield opened
    opened.close()


def told(session: Session, number: int = 1, department: str = HERE, minutes: int = 0) -> None:
    at = START + timedelta(minutes=minutes)
    for one in range(number):
        emit(session, at, department, KIND, ("assignment", uuid.uuid4()), place=one)


def add(database: Database, number: int = 1, department: str = HERE, minutes: int = 0) -> None:
    with database.writing() as session:
        told(session, number, department, minutes)


def numbered(database: Database, most: int = numbering.AT_ONCE) -> int:
    with database.writing() as session:
        return numbering.number(session, most)


def read(database: Database, position: int | None = None, department: str = HERE, limit: int = 1000) -> Sequence[int]:
    with database.reading() as session:
        found = queries.after(session, department, position, limit)
    return [event.position for event in found if event.position is not None]


def test_an_event_is_read_once_it_has_a_position_and_never_before(database: Database) -> None:
    add(database, 3)
    assert read(database) == []
    assert numbered(database) == 3
    assert read(database) == [1, 2, 3]


def test_events_of_one_transaction_keep_the_order_in_which_they_were_told(database: Database) -> None:
    add(database, 40)
    numbered(database)
    with database.reading() as session:
        assert [event.detail["place"] for event in queries.after(session, HERE, 0, 100)] == list(range(40))


def test_what_is_lost_with_its_transaction_leaves_no_gap(database: Database) -> None:
    add(database)
    with database.trying() as session:
        told(session, 5)
    add(database)
    numbered(database)
    assert read(database) == [1, 2]


@pytest.mark.postgres
def test_who_commits_late_gets_a_later_position(postgres_database: Database) -> None:
    database = postgres_database
    with database.writing() as slow:
        told(slow, minutes=-60)
        slow.flush()
        add(database, 2)
        numbered(database)
        assert read(database) == [1, 2]
    assert read(database, 2) == []
    numbered(database)
    assert read(database, 2) == [3]


@pytest.mark.postgres
def test_a_second_sequencer_stands_back(postgres_database: Database) -> None:
    database = postgres_database
    add(database, 4)
    with database.writing() as session:
        assert numbering.number(session, 2) == 2
        assert numbered(database) == 0
        assert read(database) == []
    assert numbered(database) == 2
    assert read(database) == [1, 2, 3, 4]


def test_a_killed_sequencer_leaves_everything_as_it_was(database: Database) -> None:
    add(database, 3)
    with database.trying() as session:
        assert numbering.number(session) == 3
    assert read(database) == []
    numbered(database)
    assert read(database) == [1, 2, 3]


def test_many_writers_and_sequencers_at_once_leave_dense_positions(database: Database) -> None:
    """Each reader follows while they write, and has seen every position of its department once, in order."""
    seen: list[int] = []

    def write() -> None:
        for _ in range(8):
            add(database, 2, HERE)
            add(database, 1, THERE)

    def sequence() -> None:
        for _ in range(30):
            numbered(database, 5)

    def follow() -> None:
        for _ in range(60):
            seen.extend(read(database, seen[-1] if seen else 0, limit=3))

    assert at_once([write, write, sequence, sequence, follow]) == [None] * 5
    while numbered(database):
        pass
    seen.extend(read(database, seen[-1] if seen else 0))
    assert seen == read(database, 0)
    assert sorted(seen + list(read(database, 0, THERE))) == list(range(1, 49))


def test_a_reader_who_is_killed_and_resumes_has_each_event_once(database: Database) -> None:
    """It keeps its position with what it did: the answer that it lost comes again, and nothing else does."""
    add(database, 7)
    numbered(database)
    done: list[int] = []
    for is_killed in (False, True, False, True, False, False):
        page = read(database, done[-1] if done else None, limit=2)
        if not is_killed:
            done.extend(page)
    assert done == [1, 2, 3, 4, 5, 6, 7]


def test_a_department_reads_its_own_events_only(database: Database) -> None:
    for department in (HERE, THERE, HERE):
        add(database, 1, department)
    numbered(database)
    assert [read(database), read(database, None, THERE), read(database, None, "elsewhere")] == [[1, 3], [2], []]


def forget(database: Database, minutes: int, most: int = 100) -> int:
    with database.writing() as session:
        return numbering.forget(session, START + timedelta(minutes=minutes), most)


def test_old_events_are_forgotten_and_a_reader_of_theirs_is_told_where_to_begin(database: Database) -> None:
    for minutes in (0, 1, 2):
        add(database, 2, minutes=minutes)
    numbered(database)
    assert [forget(database, 2, 3), forget(database, 2, 3), forget(database, 2, 3)] == [3, 1, 0]
    assert [read(database), read(database, 4), read(database, 6)] == [[5, 6], [5, 6], []]
    with pytest.raises(queries.Gone) as gone:
        read(database, 3)
    assert (gone.value.status, gone.value.details) == (410, {"oldest": 4})


def test_positions_go_on_when_everything_is_forgotten(database: Database) -> None:
    add(database, 2)
    numbered(database)
    assert forget(database, 10) == 2
    add(database, 1, minutes=20)
    numbered(database)
    assert read(database) == [3]


def test_what_a_reader_inside_has_not_read_is_kept(database: Database) -> None:
    add(database, 5)
    numbered(database)
    with database.writing() as session:
        session.add(EventReader(name="somebody", position=2))
    assert forget(database, 10) == 2
    assert read(database) == [3, 4, 5]


def test_an_event_without_a_position_is_never_forgotten(database: Database) -> None:
    add(database, 2)
    assert forget(database, 10) == 0
    numbered(database)
    assert read(database) == [1, 2]


def test_a_position_that_was_never_given_is_refused(database: Database) -> None:
    """As after a restored copy: to wait for it would skip what gets it anew."""
    add(database)
    numbered(database)
    with pytest.raises(Unprocessable, match="no_such_position"):
        read(database, 2)


@pytest.mark.parametrize("value", ["张三", "a sentence", "", "x" * 121, ["fine", "not fine"], "13800000000 "])
def test_words_have_no_way_into_an_event(value: str | list[str]) -> None:
    with pytest.raises(NoCode):
        emit(Session(), START, HERE, KIND, ("assignment", 1), reason=value)


def test_ids_codes_numbers_and_instants_have(database: Database) -> None:
    with database.writing() as session:
        emit(session, START, HERE, KIND, ("a", 1), to="finance", at=START.isoformat(), n=2, ids=["a-b"], none=None)
        numbering.number(session)
        (event,) = queries.after(session, HERE, None, 1)
    assert event.detail == {"to": "finance", "at": START.isoformat(), "n": 2, "ids": ["a-b"]}


def test_a_kind_has_the_form_of_one() -> None:
    with pytest.raises(NoCode):
        emit(Session(), START, HERE, "Assignment delivered", ("assignment", 1))
