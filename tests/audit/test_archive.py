"""Old entries go into files a whole segment at a time, and the rest still proves itself."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.audit.archiving import BrokenChain, let_go, verify_files, write_segment
from app.audit.heads import kept
from app.audit.models import AuditEntry
from app.audit.sealing import head, segments
from app.audit.verifying import Fault, verify
from app.kit.database import Database
from app.kit.errors import Conflict
from tests.audit.tampering import NOW, add, seal_all, sealed, tamper

LATER = NOW + timedelta(days=1200)
INVENTED = (
    "INSERT INTO audit_segments (first, last, before, seal, file_name, sha256, archived_at)"
    " SELECT 1, 4, s.seal, s.seal, 'f', 'h', s.sealed_at FROM audit_seals s WHERE s.position = 4"
)
OLD = NOW + timedelta(days=1)


def archive(database: Database, folder: Path, most: int = 4) -> bool:
    with database.reading() as session:
        segment = write_segment(session, OLD, folder, most)
    if segment is None:
        return False
    with database.writing() as session:
        let_go(session, segment, LATER)
    return True


def entries(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_whole_segments_go_and_the_rest_is_still_proven(database: Database, tmp_path: Path) -> None:
    sealed(database, 10)
    with database.reading() as session:
        newest = kept(head(session), None)
    assert [archive(database, tmp_path) for _ in range(3)] == [True, True, False]
    assert entries(database) == 2
    add(database, 3, first=20)
    assert seal_all(database, LATER) == 3
    with database.reading() as session:
        told = verify(session, [newest])
        assert (told.checked, told.archived, told.head.position, told.fault) == (5, 8, 13, None)
        assert verify_files(session, tmp_path) is None


def test_what_is_younger_than_the_policy_stays(database: Database, tmp_path: Path) -> None:
    add(database, 10)
    seal_all(database, OLD + timedelta(seconds=1))
    assert not archive(database, tmp_path)
    assert entries(database) == 10


def test_everything_can_go_and_the_chain_continues(database: Database, tmp_path: Path) -> None:
    sealed(database, 4)
    assert archive(database, tmp_path)
    add(database, 1, first=9)
    assert seal_all(database, LATER) == 1
    with database.reading() as session:
        assert (head(session).position, verify(session).fault) == (5, None)


def test_a_broken_chain_is_not_moved(database: Database, tmp_path: Path) -> None:
    sealed(database, 10)
    tamper(
        database,
        ["UPDATE audit_entries SET actor_id = 'x' WHERE id = (SELECT entry_id FROM audit_seals WHERE position = 3)"],
    )
    with pytest.raises(BrokenChain, match="broken at 3"):
        archive(database, tmp_path)
    assert not list(tmp_path.glob("audit-*"))


def test_two_who_archive_at_once_move_it_once(database: Database, tmp_path: Path) -> None:
    sealed(database, 10)
    with database.reading() as session:
        both = [write_segment(session, OLD, tmp_path, 4) for _ in range(2)]
    for place, segment in enumerate(both):
        assert segment
        if place:
            with pytest.raises(Conflict), database.writing() as session:
                let_go(session, segment, LATER)
        else:
            with database.writing() as session:
                let_go(session, segment, LATER)
    assert entries(database) == 6


def test_a_file_that_was_changed_or_lost_is_found(database: Database, tmp_path: Path) -> None:
    sealed(database, 10)
    archive(database, tmp_path)
    archive(database, tmp_path)
    with database.reading() as session:
        first, second = (tmp_path / segment.file_name for segment in segments(session))
        good = second.read_bytes()
        second.write_bytes(good.replace(b"clerk-1", b"clerk-2", 1))
        told = verify_files(session, tmp_path)
        assert told
        assert (told.fault, told.position) == (Fault.ALTERED, 5)
        second.write_bytes(good)
        first.unlink()
        told = verify_files(session, tmp_path)
        assert told
        assert (told.fault, told.position) == (Fault.DELETED, 1)


def test_a_segment_that_was_invented_shows(database: Database, tmp_path: Path) -> None:
    """Somebody lets entries go by a segment of their own; its boundary must fit the chain and its file must exist."""
    sealed(database, 10)
    tamper(
        database,
        [
            INVENTED,
            "DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_seals WHERE position <= 4)",
            "DELETE FROM audit_seals WHERE position <= 4",
        ],
    )
    with database.reading() as session:
        told = verify(session).fault
        assert told
        assert (told.fault, told.position) == (Fault.DELETED, 1)
        assert verify_files(session, tmp_path)
