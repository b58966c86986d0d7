"""The two stores behind one door. Only this module commits.

SQLite runs in WAL with `synchronous=FULL`, so that a commit that has returned survives power loss
(sqlite.org/pragma.html#pragma_synchronous); writers take the lock at once (`BEGIN IMMEDIATE`), because a read
transaction that turns into a write fails without waiting.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache, partial
from threading import Lock
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, DateTime, Engine, Enum, MetaData, UpdateBase, create_engine, event, inspect, text
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool
from sqlalchemy.types import TypeDecorator

from app.kit.clock import stopwatch
from app.kit.errors import Conflict, Unavailable

POOL_SIZE = 20
SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "busy_timeout": "10000",
    "secure_delete": "ON",
    "trusted_schema": "OFF",
    "recursive_triggers": "ON",  # without it INSERT OR REPLACE gets past the triggers that keep the audit log
}
MARK_PATIENCE = 0.05
"""Seconds that a mark waits for other writers."""
POSTGRES_OPTIONS = "-c timezone=UTC -c statement_timeout=5000 -c lock_timeout=2000 -c synchronous_commit=on"
POSTGRES_KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3, "tcp_user_timeout": 15000}
"""By which a connection to a server that lost power or its cable breaks within 20 seconds instead of hours."""
RESTED_SECONDS = 1.0
"""Since a connection was used; one that rested longer is tried before it is used again."""
READING: dict[str, dict[str, Any]] = {"postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}}
"""What makes every statement of a reading see one state of the store; a transaction of SQLite does so by itself."""

TOLD: ContextVar[Mapping[str, str]] = ContextVar("told", default={})  # noqa: B039 - a mapping that nobody changes
"""What PostgreSQL is told at the beginning of each transaction of a request, until that ends: parameter → value."""

# PostgreSQL's SQLSTATE of unique_violation, and SQLite's names of the same.
DUPLICATES = ("23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")

AnyEnum = TypeVar("AnyEnum", bound=StrEnum)


class Model(DeclarativeBase):
    """The base of every table; constraint names are fixed so that migrations can name them on both stores."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    def __init__(self, **said: Any) -> None:
        """A new row. Raises TypeError for what isn't among its columns.

        Set past the attributes' instrumentation, which notes a former value that a new row doesn't have: a comment has
        seven rows, and this is a third of what making them costs.
        """
        if not _columns(type(self)).issuperset(said):
            raise TypeError(f"{type(self).__name__} has no {sorted(said.keys() - _columns(type(self)))}")
        vars(self).update(said)


@lru_cache
def _columns(model: type[Model]) -> frozenset[str]:
    return frozenset(inspect(model).column_attrs.keys())


class Instant(TypeDecorator[datetime]):
    """An aware instant; kept in UTC, and aware again when read. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_of(kind: type[AnyEnum]) -> Enum:
    """A column that holds the enum's values as text, so that both stores hold the same words."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


class Database:
    """One store. `writing()` commits when its block ends well; `reading()` never changes anything."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self._write_engine = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        self._mark_engine = self._write_engine.execution_options(patience=int(MARK_PATIENCE * 1000))
        # SQLite lets writers that wait for its lock try again at random, and some then wait for ever in a rush. The
        # writers of one process take turns instead; PostgreSQL needs no such thing.
        self._turn: Lock | None = Lock() if self.engine.dialect.name == "sqlite" else None
        self._read_engine = self.engine.execution_options(**READING.get(self.engine.dialect.name, {}))

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One unit of work. When the block has been left without an exception, what it did is durable.

        Raises Conflict when another transaction changed or made the same record first; nothing is kept then.
        """
        try:
            with self._in_turn(), Session(self._write_engine, expire_on_commit=False) as session, session.begin():
                yield session
        except StaleDataError as error:
            raise Conflict("changed_meanwhile") from error
        except IntegrityError as error:
            if not _exists_already(error):
                raise
            raise Conflict("exists_already") from error

    @contextmanager
    def marking(self) -> Iterator[Session]:
        """A small unit of work for a mark that a reading leaves: given up rather than waited for.

        Raises Unavailable where the store has no room for it within MARK_PATIENCE or can't be written at all, and where
        another transaction made the same mark first; nothing of it is kept then.
        """
        try:
            with self._in_turn(MARK_PATIENCE), Session(self._mark_engine) as session, session.begin():
                if self.engine.dialect.name == "postgresql":
                    session.execute(text(f"SET LOCAL lock_timeout = {int(MARK_PATIENCE * 1000)}"))
                yield session
        except (DBAPIError, StaleDataError) as error:
            raise Unavailable from error

    @contextmanager
    def _in_turn(self, patience: float = -1) -> Iterator[None]:
        """Raises Unavailable when the turn doesn't come within that many seconds; -1 waits as long as it takes."""
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=patience):
            raise Unavailable
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def trying(self) -> Iterator[Session]:
        """A unit of work of which nothing is kept: what a change would do can be read in it, or why it is refused."""
        with self.writing() as session:
            yield session
            session.flush()
            session.rollback()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent view, rolled back at the end; what was read stays readable after it."""
        with Session(self._read_engine, autoflush=False) as session:
            yield session

    def ready(self) -> bool:
        """Whether the store answers a query now."""
        try:
            with self.reading() as session:
                return bool(session.scalar(text("SELECT 1")) == 1)
        except SQLAlchemyError:
            return False

    def close(self) -> None:
        self.engine.dispose()


def rows_changed(session: Session, statement: UpdateBase) -> int:
    """Carries the statement out; how many rows it changed."""
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount


def _exists_already(error: IntegrityError) -> bool:
    """Whether a unique key was the reason; any other broken constraint is a fault of ours and not the caller's."""
    reason = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return reason in DUPLICATES


def make_engine(url: str) -> Engine:
    """The store's engine. What it raises never holds the values of a statement: they may be personal data."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed, pool_size=POOL_SIZE, max_overflow=0, hide_parameters=True, connect_args={"timeout": 10}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        parsed,
        pool_size=POOL_SIZE,
        max_overflow=0,
        hide_parameters=True,
        # Transaction-mode poolers hand each transaction another server connection: no named prepared statements.
        connect_args={"options": POSTGRES_OPTIONS, "prepare_threshold": None, "connect_timeout": 5}
        | POSTGRES_KEEPALIVE,
    )
    # Many rows at once go in one statement, also where nothing is to be returned of them; row by row costs ten times.
    engine.dialect.use_insertmanyvalues_wo_returning = True
    event.listen(engine, "begin", _tell_postgres)
    event.listen(engine, "checkin", _note_the_end_of_use)
    event.listen(engine, "checkout", partial(_ping_after_rest, engine.dialect))
    event.listen(engine, "commit", _commit_as_long_as_it_takes)
    return engine


def _note_the_end_of_use(connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["used"] = stopwatch()


def _ping_after_rest(dialect: Dialect, connection: Any, record: ConnectionPoolEntry, proxy: object) -> None:
    """One that has rested may have broken meanwhile: it is tried, and where it is broken all others go with it.

    In a rush each is used many times a second, and a question more for each group or page is not small.
    """
    used = record.info.get("used")
    if used is None or stopwatch() - used < RESTED_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as broken:
        raise InvalidatePoolError from broken


def passing_engine(url: str, isolation_level: Any = None) -> Engine:
    """For a store that isn't the service's: it is opened as it is, and nothing stays connected."""
    return create_engine(
        url,
        poolclass=NullPool,
        hide_parameters=True,
        **({"isolation_level": isolation_level} if isolation_level else {}),
    )


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """One unit of work below the models, for migrations' marks and restores; durable when the block ends well."""
    with engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        yield connection


def _prepare_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver would otherwise begin transactions on its own, deferred
    for pragma, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {pragma}={value}")
    if connection.execute("PRAGMA synchronous").fetchone() != (2,):
        raise RuntimeError("SQLite did not take synchronous=FULL; a receipt could be lost")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    patience = str(options.get("patience", SQLITE_PRAGMAS["busy_timeout"]))
    if connection.info.get("patience", SQLITE_PRAGMAS["busy_timeout"]) != patience:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
        connection.info["patience"] = patience
    connection.exec_driver_sql(options.get("begin", "BEGIN"))


def _commit_as_long_as_it_takes(connection: Connection) -> None:
    """A commit that the time limit cuts off while it waits for a standby is told as done, with a mere warning; the
    standby doesn't have it, and what was acknowledged could be lost with the server."""
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def _tell_postgres(connection: Connection) -> None:
    """For this transaction alone: a pooler may give the connection to somebody else afterwards."""
    told = TOLD.get()
    if told:
        settings = ", ".join(["set_config(%s, %s, true)"] * len(told))
        connection.exec_driver_sql(f"SELECT {settings}", tuple(word for pair in told.items() for word in pair))
