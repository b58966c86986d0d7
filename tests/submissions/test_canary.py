"""Who sent a comment stands nowhere in the open: not in the store, its write-ahead log, nor a line of the log."""

import base64
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select, text

from app.submissions.models import Submission
from tests.support import journey
from tests.support.dump import dump
from tests.support.journey import World

WHO = replace(journey.identity(7), name="测试金丝雀", phone="13900137777", email="canary-7@example.com")
PERSONAL = [value for value in (WHO.name, WHO.phone, WHO.email, WHO.id_number) if value]


def spellings(value: str) -> Iterator[bytes]:
    """As it is, in UTF-16, in base64 at each of its three places, in an address, as JSON escapes, and backwards."""
    raw = value.encode()
    yield from (raw, value.encode("utf-16-le"), value.encode("utf-16-be"), raw.hex().encode(), value[::-1].encode())
    yield from (quote(value).encode(), value.encode("unicode_escape"))
    for ahead in range(3):
        yield base64.b64encode(bytes(ahead) + raw)[4 if ahead else 0 : -4]


def found(haystack: bytes) -> set[str]:
    return {value for value in PERSONAL for spelling in spellings(value) if spelling in haystack}


def files_of(world: World) -> bytes:
    path = Path(world.database.engine.url.database or "")
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_the_search_finds_what_is_planted() -> None:
    for value in PERSONAL:
        for spelling in spellings(value):
            assert value in found(b"before" + spelling + b"after")
    assert found(b"nothing of anybody") == set()


def test_the_search_finds_a_planted_canary_in_the_stores_own_files(sqlite_world: World) -> None:
    receipt = journey.submit(sqlite_world, who=WHO)
    with sqlite_world.database.writing() as session:
        row = session.scalars(select(Submission).where(Submission.receipt_number == receipt.number)).one()
        row.occupation = f"x{WHO.phone}"
    assert found(files_of(sqlite_world)) == {WHO.phone}


def test_nobody_stands_in_the_open(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    receipt = journey.submit(world, who=WHO)
    with world.database.reading() as session:
        stored = session.scalars(select(Submission).where(Submission.receipt_number == receipt.number)).one()
        assert found(repr(vars(stored)).encode()) == set()
    assert found(repr(dump(world.database)).encode()) == set()
    assert found(caplog.text.encode() + repr(receipt).encode() + repr(WHO).encode()) == set()
    if world.database.engine.dialect.name == "sqlite":
        assert found(files_of(world)) == set()
        with world.database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        assert found(files_of(world)) == set()
