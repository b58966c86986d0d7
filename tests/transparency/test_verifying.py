"""Hashing the log anew finds what somebody changed who got past the store's own guards."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kit.database import Database
from app.kit.signing import Signer
from app.transparency import heads, verifying
from tests.transparency.test_log_sealing import SIGNER, add, seal

TABLES = ("log_entries", "log_waiting", "log_places", "log_batches", "log_chunks", "log_nodes")


@pytest.fixture
def filled(database: Database) -> Database:
    for minute in range(5):
        add(database, minute)
        seal(database, minute)
    add(database, 1)
    return database


@contextmanager
def unguarded(database: Database) -> Iterator[Session]:
    with database.writing() as session:
        on_postgresql = session.get_bind().dialect.name == "postgresql"
        for table in TABLES:
            for trigger in ("stay", "kept", *(("salt",) if table == "log_entries" else ())):
                session.execute(text(f"DROP TRIGGER {table}_{trigger}{f' ON {table}' if on_postgresql else ''}"))
        yield session


def verify(database: Database, *kept: heads.SignedHead, keys: tuple[str, ...] = (SIGNER.public,)) -> verifying.Report:
    with database.reading() as session:
        return verifying.verify(session, kept, keys)


def newest(database: Database) -> heads.SignedHead:
    with database.reading() as session:
        found = heads.newest(session, SIGNER)
    assert found is not None
    return found


def test_a_whole_log_has_no_fault(filled: Database) -> None:
    assert verify(filled, newest(filled)) == verifying.Report(5, 11, 1, ())


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE log_entries SET commitment = salt", "isn't the one that was sealed"),
        ("UPDATE log_entries SET said = '{\"n\": 99}'", "says something else"),
        ("UPDATE log_places SET place = 15 - place", "isn't the one that was sealed"),
        ("DELETE FROM log_entries", "is gone"),
        ("DELETE FROM log_waiting", "neither stands in the log nor waits"),
        ("DELETE FROM log_places", "neither stands in the log nor waits"),
        ("UPDATE log_chunks SET leaves = (SELECT n.hash FROM log_nodes AS n WHERE n.level = 2)", "batch 1 isn't"),
        ("UPDATE log_batches SET size = 256", "isn't what was sealed"),
        (
            "UPDATE log_nodes SET hash = (SELECT n.hash FROM log_nodes AS n WHERE n.level = 2) WHERE level = 1",
            "level 1",
        ),
        ("DELETE FROM log_nodes WHERE level = 0 AND place = 4", "5 batches and 4 leaves"),
    ],
)
def test_what_was_changed_is_named(filled: Database, statement: str, told: str) -> None:
    with unguarded(filled) as session:
        session.execute(text(statement))
    assert any(told in fault for fault in verify(filled).faults)


def test_a_kept_head_shows_a_log_that_was_cut_or_made_anew(filled: Database) -> None:
    kept = newest(filled)
    with unguarded(filled) as session:
        for table in ("log_batches", "log_chunks", "log_nodes", "log_places"):
            session.execute(text(f"DELETE FROM {table}"))
        session.execute(
            text(
                "INSERT INTO log_waiting (entry_id) SELECT id FROM log_entries WHERE id NOT IN"
                " (SELECT entry_id FROM log_waiting)"
            )
        )
    seal(filled, 0)
    assert verify(filled).faults == ()
    assert verify(filled, kept).faults == ("the log was cut: a kept head tells of 5 leaves",)
    for minute in range(1, 5):
        seal(filled, minute)
    assert verify(filled, kept).faults == ("the log was rewritten: the kept head of size 5 differs",)
    forged = heads.SignedHead(kept.log, 5, newest(filled).root, kept.at, kept.signature)
    assert verify(filled, forged).faults == ("the kept head of size 5 isn't signed by a key of this log",)


def test_a_head_that_an_earlier_key_signed_still_holds(filled: Database) -> None:
    kept, new = newest(filled), Signer(b"n" * 32).public
    assert verify(filled, kept, keys=(new,)).faults == ("the kept head of size 5 isn't signed by a key of this log",)
    assert verify(filled, kept, keys=(new, SIGNER.public)).faults == ()


def test_heads_are_read_back_from_their_file(filled: Database) -> None:
    kept = newest(filled)
    assert heads.read([f"{kept.line()}\n", kept.line()[:40]]) == [kept]
    with pytest.raises(heads.BadHeads, match="line 1"):
        heads.read(["{}\n"])
