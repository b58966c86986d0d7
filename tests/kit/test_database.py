"""The unit of work on both stores: all or nothing, one writer after another, instants with a zone."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from sqlalchemy import String, func, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.kit.clock import BEIJING, stopwatch
from app.kit.database import POOL_SIZE, RESTED_SECONDS, SQLITE_PRAGMAS, Database, Instant
from app.kit.errors import Conflict

AT = datetime(2026, 5, 11, 1, 30, 0, 123456, tzinfo=UTC)


class Base(DeclarativeBase):
    """Tables of these tests, apart from the service's own."""


class Note(Base):
    __tablename__ = "notes_of_a_test"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime | None] = mapped_column(Instant)
    seen: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    Base.metadata.create_all(made.engine)
    yield made
    made.close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    made = Database(sqlite_url)
    Base.metadata.create_all(made.engine)
    yield made
    made.close()


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    made = Database(postgres_url)
    yield made
    made.close()


def _fail_after_writing(database: Database) -> None:
    with database.writing() as session:
        session.add(Note(name="a"))
        session.flush()
        raise ZeroDivisionError


def _names(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Note.name).order_by(Note.name)))


def test_what_was_written_is_there_once_the_block_is_left(database: Database) -> None:
    with database.writing() as session:
        session.add(Note(name="a", at=AT))
    assert _names(database) == ["a"]


def test_until_then_nobody_else_sees_it(database: Database) -> None:
    with database.writing() as session:
        session.add(Note(name="a"))
        session.flush()
        assert _names(database) == []


def test_an_exception_leaves_nothing_behind_and_comes_out_as_it_is(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_after_writing(database)
    assert _names(database) == []


def test_what_was_written_stays_readable_after_the_commit(database: Database) -> None:
    with database.writing() as session:
        note = Note(name="a", at=AT)
        session.add(note)
    assert (note.name, note.at, note.revision) == ("a", AT, 1)


def test_making_what_exists_is_a_conflict(database: Database) -> None:
    with database.writing() as session:
        session.add(Note(name="a", seen=1))
    with pytest.raises(Conflict) as refused, database.writing() as session:
        session.add_all([Note(name="b"), Note(name="a")])
    assert refused.value.code == "exists_already"
    assert _names(database) == ["a"]


def test_changing_what_another_changed_is_a_conflict(database: Database) -> None:
    with database.writing() as session:
        session.add(Note(name="a"))
    with database.reading() as session:
        mine = session.scalars(select(Note)).one()
    with database.writing() as session:
        session.get_one(Note, "a").seen = 1
    mine.seen = 2
    with pytest.raises(Conflict) as refused, database.writing() as session:
        session.add(mine)
    assert refused.value.code == "changed_meanwhile"
    with database.reading() as session:
        assert session.get_one(Note, "a").seen == 1


def test_reading_changes_nothing(database: Database) -> None:
    with database.reading() as session:
        session.add(Note(name="a"))
        assert session.scalars(select(Note)).all() == []
    assert _names(database) == []


def test_reading_sees_one_state_of_the_store_from_its_first_look_to_its_end(database: Database) -> None:
    count = select(func.count()).select_from(Note)
    with database.reading() as session:
        assert session.scalar(count) == 0
        with database.writing() as writer:
            writer.add(Note(name="a"))
        assert session.scalar(count) == 0
    assert _names(database) == ["a"]


def test_no_connection_is_kept_by_who_has_finished(database: Database) -> None:
    for _ in range(POOL_SIZE + 1):
        with database.reading() as session:
            session.scalar(select(func.count()).select_from(Note))
        with pytest.raises(ZeroDivisionError):
            _fail_after_writing(database)
    with database.writing() as session:
        session.add(Note(name="after reading, writing is still possible"))
    assert len(_names(database)) == 1


@pytest.mark.parametrize(
    "given",
    [
        AT,
        AT.astimezone(BEIJING),
        datetime(9999, 12, 31, tzinfo=UTC),
        datetime(1, 1, 2, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_as_it_was_in_utc(database: Database, given: datetime) -> None:
    with database.writing() as session:
        session.add(Note(name="a", at=given))
    with database.reading() as session:
        found = session.get_one(Note, "a").at
        asked = session.scalar(select(Note.name).where(Note.at == given))
    assert found == given
    assert found.tzinfo is UTC
    assert asked == "a"


def test_no_instant_is_none(database: Database) -> None:
    with database.writing() as session:
        session.add(Note(name="a", at=None))
    with database.reading() as session:
        assert session.get_one(Note, "a").at is None


def test_a_naive_datetime_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive"), database.writing() as session:
        session.add(Note(name="a", at=datetime(2026, 5, 11)))  # noqa: DTZ001
    assert _names(database) == []


def test_what_goes_wrong_does_not_tell_the_values(database: Database) -> None:
    with pytest.raises(SQLAlchemyError) as failed, database.reading() as session:
        session.execute(text("SELECT :value FROM no_such_table"), {"value": "219999195001010003"})
    assert "no_such_table" in str(failed.value)
    assert "219999195001010003" not in str(failed.value)


def test_two_writers_wait_for_each_other_and_neither_fails(database: Database) -> None:
    """Both read before they write; a transaction that only then asked for the lock would fail on SQLite."""
    with database.writing() as session:
        session.add(Note(name="count"))
    failures: list[Exception] = []

    def count() -> None:
        try:
            for _ in range(20):
                with database.writing() as session:
                    _counted(session)
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading() as session:
        assert session.get_one(Note, "count").seen == 80


def _counted(session: Session) -> None:
    note = session.scalars(select(Note).where(Note.name == "count").with_for_update()).one()
    note.seen += 1


def test_a_store_that_answers_is_ready(database: Database) -> None:
    assert database.ready()


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/x.sqlite3", "postgresql+psycopg://a@127.0.0.1:1/a"])
def test_a_store_that_does_not_answer_is_not_ready(url: str) -> None:
    database = Database(url)
    assert not database.ready()
    database.close()


def test_every_connection_to_sqlite_has_the_pragmas(sqlite: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000}
    wanted |= {"secure_delete": 1, "trusted_schema": 0, "recursive_triggers": 1}
    assert set(wanted) == set(SQLITE_PRAGMAS)
    connections = [sqlite.engine.connect() for _ in range(POOL_SIZE)]
    for connection in connections:
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted} == wanted
    for connection in connections:
        connection.close()


def test_a_writer_to_sqlite_takes_the_lock_at_once(sqlite: Database) -> None:
    """Before its first statement: another one that doesn't want to wait is refused."""
    begun, refused = Event(), Event()

    def hold() -> None:
        with sqlite.writing() as session:
            session.connection()
            begun.set()
            refused.wait(10)

    holder = Thread(target=hold)
    holder.start()
    assert begun.wait(10)
    with sqlite.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        with pytest.raises(OperationalError, match="locked"):
            connection.exec_driver_sql("INSERT INTO notes_of_a_test (name, seen, revision) VALUES ('b', 0, 1)")
        connection.invalidate()
    refused.set()
    holder.join()


def test_readers_of_sqlite_do_not_wait_for_a_writer(sqlite: Database) -> None:
    with sqlite.writing() as session:
        session.add(Note(name="a"))
        session.flush()
        assert _names(sqlite) == []


def test_every_session_of_postgres_has_our_options(postgres: Database) -> None:
    wanted = {"TimeZone": "UTC", "statement_timeout": "5s", "lock_timeout": "2s", "synchronous_commit": "on"}
    for unit in (postgres.reading, postgres.writing):
        with unit() as session:
            assert {name: session.scalar(text(f"SHOW {name}")) for name in wanted} == wanted


def test_no_time_limit_cuts_a_commit_off_that_waits_for_a_standby(postgres: Database) -> None:
    """PostgreSQL would tell such a commit as done; a constraint that is checked within the commit sees the limit."""
    with postgres.writing() as session:
        session.execute(text("CREATE TABLE limits (at_commit text)"))
        session.execute(
            text(
                "CREATE FUNCTION note_limit() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN UPDATE limits SET at_commit = current_setting('statement_timeout'); RETURN NULL; END $$"
            )
        )
        session.execute(
            text(
                "CREATE CONSTRAINT TRIGGER at_the_end AFTER INSERT ON limits DEFERRABLE INITIALLY DEFERRED "
                "FOR EACH ROW EXECUTE FUNCTION note_limit()"
            )
        )
    with postgres.writing() as session:
        session.execute(text("INSERT INTO limits VALUES (current_setting('statement_timeout'))"))
        assert session.scalar(text("SELECT at_commit FROM limits")) == "5s"
    with postgres.reading() as session:
        assert session.scalar(text("SELECT at_commit FROM limits")) == "0"
        assert session.scalar(text("SHOW statement_timeout")) == "5s"


def test_a_reading_of_postgres_can_not_write(postgres: Database) -> None:
    with pytest.raises(SQLAlchemyError, match="read-only"), postgres.reading() as session:
        session.execute(text("CREATE TABLE x (y integer)"))
    with postgres.writing() as session:
        assert session.scalar(text("SHOW transaction_read_only")) == "off"
        assert session.scalar(text("SHOW transaction_isolation")) == "read committed"


def test_what_was_only_tried_is_seen_inside_and_not_kept(database: Database) -> None:
    with database.trying() as session:
        session.add(Note(name="a"))
        session.flush()
        assert session.scalars(select(Note.name)).all() == ["a"]
    with database.reading() as session:
        assert session.scalars(select(Note.name)).all() == []


def test_what_is_tried_is_refused_as_it_would_be(database: Database) -> None:
    with database.writing() as session:
        session.add(Note(name="a"))
    with pytest.raises(Conflict) as refused, database.trying() as session:
        session.add(Note(name="a"))
    assert refused.value.code == "exists_already"


def _break_all(database: Database) -> None:
    """As a server that lost power leaves its connections; by another one that knows of nothing."""
    own = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with closing(other), other.reading() as session:
        for pid in session.scalars(own).all():
            session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def _two_in_the_pool(database: Database) -> None:
    with database.reading() as one, database.reading() as other:
        one.scalar(text("SELECT 1"))
        other.scalar(text("SELECT 1"))


@pytest.mark.postgres
def test_a_connection_that_broke_while_it_rested_is_never_noticed(
    postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _two_in_the_pool(postgres)
    _break_all(postgres)
    rested = stopwatch() + RESTED_SECONDS
    monkeypatch.setattr("app.kit.database.stopwatch", lambda: rested)
    assert postgres.ready()
    _two_in_the_pool(postgres)


@pytest.mark.postgres
def test_of_all_connections_that_broke_in_use_one_is_noticed(
    postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.kit.database.stopwatch", lambda: 0.0)
    _two_in_the_pool(postgres)
    _break_all(postgres)
    with pytest.raises(OperationalError):
        _two_in_the_pool(postgres)
    _two_in_the_pool(postgres)
