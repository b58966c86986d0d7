"""One state of a store, read while the service goes on writing."""

import json
import sqlite3
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, make_url, text

from app.backups import postgres
from app.kit.database import make_engine, passing_engine

PIECE = 1024 * 1024
ASIDE = ".yanlu-backup-"
VERSIONS = "alembic_version"


@dataclass(frozen=True)
class Wanted:
    """What of a store is told apart: the table whose rows go into a part of their own, the (table, column) pairs that
    name contents in the place for files, and the (table, column) of records whose personal data was erased."""

    keys: str
    blobs: Sequence[tuple[str, str]]
    erased: tuple[str, str]


@dataclass(frozen=True)
class Snapshot:
    """`counts` is rows by table. Each stream may be read once while the snapshot is open, `store` the last of them."""

    kind: str
    revision: str
    counts: Mapping[str, int]
    erased: Sequence[str]
    blobs: Callable[[], Iterator[str]]
    keys: Callable[[], Iterator[bytes]]
    store: Callable[[], Iterator[bytes]]


@contextmanager
def snapshot(url: str, wanted: Wanted) -> Iterator[Snapshot]:
    """Raises BackupRefused, OSError, DBAPIError."""
    if make_url(url).get_backend_name() == "sqlite":
        with _sqlite(Path(make_url(url).database or ""), wanted) as made:
            yield made
    else:
        with _postgres(url, wanted) as made:
            yield made


@contextmanager
def _sqlite(path: Path, wanted: Wanted) -> Iterator[Snapshot]:
    """By the online backup API into a file beside the store's own, for this account alone, removed at the end."""
    for left in path.parent.glob(f"{ASIDE}*"):
        left.unlink()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=ASIDE) as aside:
        _copy(path, aside.name)
        engine = passing_engine(f"sqlite:///{aside.name}")
        with engine.connect() as connection:
            yield Snapshot(
                "sqlite",
                *_facts(connection, wanted),
                blobs=lambda: _blobs(connection, wanted),
                keys=lambda: _rows(connection, wanted.keys),
                store=lambda: _without(Path(aside.name), wanted.keys),
            )
        for left in path.parent.glob(f"{Path(aside.name).name}-*"):
            left.unlink()


def _copy(path: Path, to: str) -> None:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source, closing(sqlite3.connect(to)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


def _without(path: Path, table: str) -> Iterator[bytes]:
    """The file's bytes once the rows of that table were overwritten in it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        copy.execute("PRAGMA secure_delete = ON")
        if copy.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone():
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of ours
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


@contextmanager
def _postgres(url: str, wanted: Wanted) -> Iterator[Snapshot]:
    """All in one snapshot that this connection exports and pg_dump takes over."""
    engine = make_engine(url)
    try:
        program = postgres.program("pg_dump", _major(engine))
        with engine.execution_options(isolation_level="REPEATABLE READ").connect() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            name = str(connection.scalar(text("SELECT pg_export_snapshot()")))
            yield Snapshot(
                "postgresql",
                *_facts(connection, wanted),
                blobs=lambda: _blobs(connection, wanted),
                keys=lambda: _rows(connection, wanted.keys),
                store=lambda: postgres.dump(program, url, name, wanted.keys),
            )
    finally:
        engine.dispose()


def _major(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SHOW server_version_num")) or 0) // 10000


def _facts(connection: Connection, wanted: Wanted) -> tuple[str, Mapping[str, int], Sequence[str]]:
    revision = str(connection.scalar(text(f"SELECT version_num FROM {VERSIONS}")))  # noqa: S608
    table, column = wanted.erased
    erased = [str(id) for id in connection.scalars(text(f"SELECT {column} FROM {table}"))]  # noqa: S608
    return revision, counts(connection), erased


def counts(connection: Connection) -> dict[str, int]:
    """Rows by table, of all tables but the versions'."""
    names = sorted(set(inspect(connection).get_table_names()) - {VERSIONS})
    return {name: int(connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0) for name in names}  # noqa: S608


def _blobs(connection: Connection, wanted: Wanted) -> Iterator[str]:
    each = (f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL" for table, column in wanted.blobs)  # noqa: S608
    found = connection.execution_options(yield_per=1000).execute(text(f"{' UNION '.join(each)} ORDER BY 1"))
    yield from (str(row[0]) for row in found)


def _rows(connection: Connection, table: str) -> Iterator[bytes]:
    """The table's columns on one line of JSON, then each row on one; bytes as {"b": base64}."""
    if not inspect(connection).has_table(table):
        return
    found = connection.execution_options(yield_per=1000).execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608
    yield _line(list(found.keys()))
    yield from (_line([_plain(value) for value in row]) for row in found)


def read_rows(table: str, lines: Iterator[bytes], connection: Connection) -> int:
    """Puts rows back that `_rows` wrote; how many. Raises ValueError for what is no such line."""
    columns = json.loads(next(lines, b"[]"))
    if not columns:
        return 0
    named = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join(f":p{place}" for place in range(len(columns)))
    statement = text(f'INSERT INTO "{table}" ({named}) VALUES ({places})')  # noqa: S608
    number = 0
    for number, line in enumerate(lines, 1):  # noqa: B007
        values = json.loads(line)
        connection.execute(statement, {f"p{place}": _bytes(value) for place, value in enumerate(values)})
    return number


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"b": b64encode(bytes(value)).decode()}
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _bytes(value: Any) -> Any:
    return b64decode(value["b"]) if isinstance(value, dict) else value
