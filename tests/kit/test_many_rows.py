"""Rows inserted at once are the rows that the unit of work would have stored one by one."""

import uuid
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from app.deliveries.models import Delivery
from app.kit.clock import BEIJING
from app.kit.database import Database, Model
from app.kit.errors import Conflict
from app.kit.many_rows import insert_rows
from app.transparency.models import EntryKind, LogEntry, WaitingEntry
from tests.support.journey import START

# What the stores themselves can't hold: the character 0, and halves of pairs.
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=40)
INSTANT = st.integers(0, 10**15).map(lambda passed: START.astimezone(BEIJING) + timedelta(microseconds=passed))
VALUE = TEXT | st.booleans() | st.integers(-(2**53), 2**53) | st.lists(TEXT)
SAID = st.none() | st.dictionaries(TEXT, VALUE, max_size=4)


def entry(**said: object) -> LogEntry:
    return LogEntry(kind=EntryKind.TALLY, at=START, commitment=b"\x00" * 32, **said)


def delivery(**said: object) -> Delivery:
    own = {
        "channel": "email",
        "recipient_kind": "submission",
        "recipient_id": "1",
        "about_kind": "submission",
        "about_id": "1",
        "template": "receipt",
        "promised_at": START,
        "due_at": START,
    }
    return Delivery(**{**own, **said})


def insert_all(database: Database, *rows: Model) -> None:
    with database.writing() as session:
        insert_rows(session, rows)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=TEXT, instant=INSTANT, said=SAID, content=st.binary(max_size=40), subject=st.none() | st.uuids())
def test_what_is_read_is_what_was_said(
    database: Database, text: str, instant: datetime, said: object, content: bytes, subject: uuid.UUID | None
) -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    row = LogEntry(id=one, kind=EntryKind.RECEIPT, at=instant, commitment=content, subject=subject, said=said)
    insert_all(database, row, delivery(id=other, about_id=text, settled_at=instant))
    with database.reading() as session:
        read = session.get_one(LogEntry, one)
        assert (read.kind, read.at, read.commitment) == (EntryKind.RECEIPT, instant, content)
        assert (read.salt, read.subject, read.said) == (None, subject, said)
        told = session.get_one(Delivery, other)
        assert (told.about_id, told.settled_at) == (text, instant)


def test_what_was_not_said_is_as_the_unit_of_work_has_it(database: Database) -> None:
    with database.writing() as session:
        session.add(delivery(once="one by one"))
    insert_all(database, delivery(once="at once"), delivery(once="at once too", attempts=3))
    with database.reading() as session:
        rows = {row.once: row for row in session.scalars(select(Delivery))}
    alone, together, tried = (rows[once] for once in ("one by one", "at once", "at once too"))
    own = ("id", "once", "_sa_instance_state")
    assert _but(alone, *own) == _but(together, *own)
    assert _but(tried, *own, "attempts") == _but(together, *own, "attempts")
    assert (alone.attempts, tried.attempts) == (0, 3)
    assert len({alone.id, together.id, tried.id}) == 3


def _but(row: Delivery, *names: str) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name not in names}


def test_the_stores_triggers_run_for_each(database: Database) -> None:
    rows = [entry(id=uuid.uuid4()) for _ in range(5)]
    insert_all(database, *rows)
    with database.reading() as session:
        waiting = set(session.scalars(select(WaitingEntry.entry_id)))
    assert waiting == {row.id for row in rows}


def test_the_number_of_statements_doesnt_grow_with_the_rows(database: Database) -> None:
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    numbers = []
    for size in (1, 200):
        asked.clear()
        insert_all(database, *[entry(id=uuid.uuid4()) for _ in range(size)], *[delivery() for _ in range(size)])
        numbers.append(len(asked))
    assert numbers[0] == numbers[1] <= 3


def test_one_that_breaks_a_rule_takes_all_with_it(database: Database) -> None:
    with pytest.raises(Conflict, match="exists_already"):
        insert_all(database, entry(), delivery(once="twice"), delivery(once="twice"))
    with database.reading() as session:
        assert session.scalars(select(LogEntry)).all() == []


def test_what_a_column_must_have_is_asked_for(database: Database) -> None:
    with pytest.raises(IntegrityError):
        insert_all(database, LogEntry(kind=EntryKind.TALLY, at=START))


def test_a_text_that_is_too_long_is_never_cut(database: Database) -> None:
    too_long = "长" * 61
    if database.engine.dialect.name == "postgresql":
        with pytest.raises(DBAPIError):
            insert_all(database, delivery(template=too_long))
    else:
        insert_all(database, delivery(template=too_long))
        with database.reading() as session:
            assert session.scalars(select(Delivery.template)).all() == [too_long]


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [(START.replace(tzinfo=None), ValueError), (object(), TypeError)],
    ids=["a naive instant", "no instant"],
)
def test_what_is_no_value_of_the_column_is_refused(database: Database, wrong: object, kind: type[Exception]) -> None:
    with pytest.raises((kind, StatementError)):
        insert_all(database, delivery(due_at=wrong))
    with database.reading() as session:
        assert session.scalars(select(Delivery)).all() == []


def test_no_rows_are_no_statement(database: Database) -> None:
    insert_all(database)
    with database.reading() as session:
        assert session.scalars(select(LogEntry)).all() == []
