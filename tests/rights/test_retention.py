"""Senders are forgotten at the end of their time: neither earlier, nor against a hold, and no number changes."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from app.archives import queries as archives
from app.archives.models import LegalHold
from app.audit.models import AuditEntry
from app.consultations.models import Consultation
from app.kit.crypto import Unreadable
from app.kit.errors import Conflict
from app.rights import retention
from app.rights.retention import Standing
from app.submissions import file_queries, queries
from app.submissions.file_kinds import FileKind, ScanState
from app.submissions.models import Submission, SubmissionFile, SubmissionKey, SubmitterIdentity
from app.transparency.models import LogEntry
from app.worker import retaining
from tests.support import journey
from tests.support.journey import OPERATOR, START, World

CONCLUDED = START + timedelta(days=60)
OVER = CONCLUDED + timedelta(days=366)


@pytest.fixture
def concluded(world: World) -> World:
    """Three submissions of two people, on the way to the archive."""
    for person in (1, 1, 2):
        journey.submit(world, person=person)
    with world.database.writing() as session:
        session.execute(update(Consultation).values(concluded_at=CONCLUDED))
    return world


@pytest.fixture
def archived(concluded: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(archives, "is_archived", lambda *_: True)
    return concluded


def standing(world: World, now: datetime) -> Standing:
    with world.database.reading() as session:
        (one,) = retention.kept(session, now)
        return one.standing


def forget(world: World, at: datetime = OVER) -> int:
    with world.database.writing() as session:
        return retention.forget_portion(session, OPERATOR, at, world.consultation.id)


def identities(world: World) -> list[SubmitterIdentity]:
    with world.database.reading() as session:
        return list(session.scalars(select(SubmitterIdentity).order_by(SubmitterIdentity.submission_id)))


def persons(world: World) -> int:
    with world.database.reading() as session:
        return queries.distinct_persons(session, list(session.scalars(select(Submission.id))))


def test_nothing_is_forgotten_before_its_time_nor_before_the_archive_has_it(concluded: World) -> None:
    assert standing(concluded, OVER - timedelta(days=2)) is Standing.NOT_YET
    assert standing(concluded, OVER) is Standing.NOT_ARCHIVED
    for at, code in ((OVER - timedelta(days=2), "kept_longer"), (OVER, "not_archived")):
        with pytest.raises(Conflict) as refused:
            forget(concluded, at)
        assert refused.value.code == code
    assert all(concluded.vault.open(row).name for row in identities(concluded))


def test_nothing_is_forgotten_while_a_hold_stands(archived: World) -> None:
    with archived.database.writing() as session:
        session.add(LegalHold(consultation_id=archived.consultation.id, at=START, by="somebody", reason="a suit"))
    assert standing(archived, OVER) is Standing.LEGAL_HOLD
    with pytest.raises(Conflict, match="legal_hold"):
        forget(archived)


def test_senders_are_gone_and_no_number_changes(archived: World) -> None:
    before, copied = persons(archived), identities(archived)
    with archived.database.reading() as session:
        salts = set(session.scalars(select(LogEntry.salt)))
    assert forget(archived) == 3
    assert forget(archived) == 0
    after = identities(archived)
    assert persons(archived) == before == 2
    assert {row.person_index for row in after}.isdisjoint({row.person_index for row in copied})
    assert [(row.id_number is None, row.email is None) for row in after] == [(False, False)] * 3
    with archived.database.reading() as session:
        assert session.scalars(select(SubmissionKey)).all() == []
        assert set(session.scalars(select(LogEntry.salt))) == salts
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "senders.forgotten"))
        assert entry.detail == {"number": 3, "files": 0}
        assert retention.kept(session, OVER) == []
    for row in after:
        assert archived.vault.is_erased(row)
        with pytest.raises(Unreadable):
            archived.vault.open(row)


def test_a_copy_of_the_sealed_values_is_worth_nothing_without_the_key(archived: World) -> None:
    (copied, *_) = identities(archived)
    assert archived.vault.open(copied).name
    values = {column: getattr(copied, column) for column in ("name", "id_number", "phone", "email")}
    forget(archived)
    with archived.database.writing() as session:
        session.execute(
            update(SubmitterIdentity).where(SubmitterIdentity.submission_id == copied.submission_id).values(values)
        )
    with pytest.raises(Unreadable):
        archived.vault.open(identities(archived)[0])


def test_the_worker_forgets_whose_time_is_over(archived: World) -> None:
    for at, left in ((OVER - timedelta(days=2), 3), (OVER, 0)):
        with archived.database.writing() as session:
            retaining.keep(session, at, {})
        assert sum(not archived.vault.is_erased(row) for row in identities(archived)) == left


def test_nothing_of_the_sealed_stays_in_the_file(sqlite_world: World) -> None:
    world = sqlite_world
    journey.submit(world, person=1)
    (row,) = identities(world)
    with world.database.reading() as session:
        wrapped = session.scalars(select(SubmissionKey.wrapped)).one()
    sought = [value for value in (row.name, row.phone, row.email, row.id_number, wrapped, row.person_index) if value]
    assert len(sought) == 6
    assert all(value in _files(world) for value in sought)
    with world.database.writing() as session:
        world.vault.erase(session, session.scalars(select(SubmitterIdentity)).one())
    found = _files(world)
    assert not [value for value in sought if value in found]


def _files(world: World) -> bytes:
    with world.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    path = Path(world.database.engine.url.database or "")
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_files_go_with_their_sender_and_only_then(archived: World) -> None:
    (row, *_) = identities(archived)
    with archived.database.writing() as session:
        session.add_all(attached(row, place) for place in (1, 2))
    assert counted(archived) == 2
    with archived.database.reading() as session:
        salts = len(session.scalars(select(LogEntry.salt).where(LogEntry.salt.is_not(None))).all())
        assert file_queries.referred_to(session, ["a" * 64, "b" * 64, "c" * 64]) == {"a" * 64, "b" * 64}
    assert forget(archived) == 3
    assert counted(archived) == 0
    with archived.database.reading() as session:
        assert file_queries.referred_to(session, ["a" * 64, "b" * 64]) == set()
        left = session.scalars(select(LogEntry.salt).where(LogEntry.salt.is_not(None))).all()
        assert len(left) == salts - 1, "what was committed to of the one with files can't be shown any more"
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "senders.forgotten"))
        assert entry.detail == {"number": 3, "files": 2}


def attached(row: SubmitterIdentity, place: int) -> SubmissionFile:
    sha256 = "ab"[place - 1] * 64
    return SubmissionFile(
        submission_id=row.submission_id,
        place=place,
        name="a.pdf",
        kind=FileKind.PDF,
        size=1,
        sha256=sha256,
        scan=ScanState.CLEAN,
    )


def counted(world: World) -> int:
    with world.database.reading() as session:
        return retention.files(session, world.consultation.id)
