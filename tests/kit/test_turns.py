"""In a rush the writers of one process wait for each other in SQLite, and none is turned away."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from app.kit import database as store
from app.kit.database import Database

WRITERS, EACH = 8, 25


@pytest.fixture
def impatient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A store whose connections give up at once when another one holds SQLite's lock."""
    monkeypatch.setitem(store.SQLITE_PRAGMAS, "busy_timeout", "0")
    database = Database(f"sqlite:///{tmp_path / 'turns.sqlite3'}")
    with database.writing() as session:
        session.execute(text("CREATE TABLE notes (writer INTEGER)"))
    return database


def test_no_writer_of_a_process_finds_the_store_locked_by_another(impatient: Database) -> None:
    def write(writer: int) -> None:
        for _ in range(EACH):
            with impatient.writing() as session:
                session.execute(text("INSERT INTO notes VALUES (:writer)"), {"writer": writer})

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    with impatient.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM notes")) == WRITERS * EACH
    impatient.close()
