"""The search for personal data finds what is planted: in every spelling, in packed files, in the store's own files."""

import io
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from sqlalchemy import text

from tests.support import journey
from tests.support.canary import Canaries
from tests.support.journey import World

NUMBER = next(number for number in map(journey.id_number, range(2000, 3000)) if number.endswith("X"))
NAME, PHONE, EMAIL = "金丝雀测试", "13986420975", "Canary.Nineteen@example.com"
CANARIES = Canaries([NUMBER, PHONE, EMAIL, NAME])
SEGMENT = 2**24
"""Bytes of one file of PostgreSQL's write-ahead log."""


def test_a_planted_canary_is_found_in_every_form() -> None:
    for value in (NUMBER, PHONE, EMAIL, NAME):
        for needle in CANARIES.needles(value):
            assert value in CANARIES.found(b"before" + needle + b"after"), needle
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", f"x{PHONE}")
    assert CANARIES.found(packed.getvalue()) == {PHONE}
    assert CANARIES.found(b"nothing of anybody", journey.id_number(3)) == set()


def test_a_canary_in_the_stores_own_files_is_found(world: World) -> None:
    since = position(world)
    with world.database.writing() as session:
        session.execute(text("UPDATE consultations SET contact_phone = :phone"), {"phone": PHONE})
    assert CANARIES.found(*store_files(world, since)) == {PHONE}


@dataclass(frozen=True)
class Position:
    """How far PostgreSQL had written ahead, in bytes, and when; both zero for SQLite."""

    ahead: int = 0
    at: float = 0.0


def position(world: World) -> Position:
    if world.database.engine.dialect.name == "sqlite":
        return Position()
    return Position(int(_asked(world, "SELECT (pg_current_wal_lsn() - '0/0')::bigint")), time.time() - 1)


def store_files(world: World, since: Position) -> Iterator[bytes]:
    """The store's files with its write-ahead log as they lie on the disk; of PostgreSQL what was written since then of
    this database and of the whole server's write-ahead log, and its log."""
    url = world.database.engine.url
    if world.database.engine.dialect.name == "sqlite":
        path = Path(url.database or "")
        yield from [file.read_bytes() for file in path.parent.glob(f"{path.name}*")]
        return
    _asked(world, "CHECKPOINT")
    folder, until = Path(str(url.query["host"])), position(world).ahead
    database = _asked(world, "SELECT oid FROM pg_database WHERE datname = %s", url.database)
    for file in (folder / "data" / "base" / str(database)).iterdir():
        if file.stat().st_mtime >= since.at:
            yield file.read_bytes()
    first = since.ahead // SEGMENT * SEGMENT
    names = [
        _asked(world, "SELECT pg_walfile_name('0/0'::pg_lsn + %s)", start + 1) for start in range(first, until, SEGMENT)
    ]
    ahead = b"".join((folder / "data" / "pg_wal" / str(name)).read_bytes() for name in names)
    yield ahead[since.ahead - first : until - first]
    yield (folder / "log").read_bytes()


def _asked(world: World, query: LiteralString, *given: object) -> Any:
    """As a superuser of the tests' own server."""
    host = str(world.database.engine.url.query["host"])
    with psycopg.connect(host=host, user="yanlu", dbname="postgres", autocommit=True) as connection:
        cursor = connection.execute(query, given or None)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None
