"""What is owed to files: those that waited are scanned, contents that nobody sent are removed."""

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.config import ConfigurationError, Settings
from app.kit.blobs import DiskBlobs, key_of
from app.kit.clamd import Clamd
from app.submissions import file_erasure
from app.submissions.attachments import NewFile
from app.submissions.file_kinds import FileKind, ScanState
from app.submissions.models import SubmissionFile
from app.worker import filing
from app.worker.filing import Cabinet
from tests.support import journey
from tests.support.app import settings
from tests.support.files import EICAR, clamd
from tests.support.journey import START, StoppedClock, World

NOW = datetime.now(UTC)


def sent(world: World, person: int, *files: NewFile) -> None:
    journey.submit(world, person=person, files=files)


def kept(blobs: DiskBlobs, content: bytes, scan: ScanState = ScanState.WAITING) -> NewFile:
    return NewFile("a.pdf", blobs.put(content), len(content), FileKind.PDF, scan, START)


def states(world: World) -> list[tuple[ScanState, str | None]]:
    with world.database.reading() as session:
        rows = session.scalars(select(SubmissionFile).order_by(SubmissionFile.place))
        return [(row.scan, row.finding) for row in rows]


def age(folder: Path, content: bytes, by: timedelta) -> None:
    key, then = key_of(content), (NOW - by).timestamp()
    os.utime(folder / key[:2] / key[2:], (then, then))


def test_files_that_waited_are_scanned(world: World, tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path / "files")
    sent(world, 1, kept(blobs, b"clean"), kept(blobs, EICAR), kept(blobs, b"from before", ScanState.NOT_ASKED))
    with clamd() as fake:
        assert filing.scan_waiting(world.database, Cabinet(blobs, Clamd(fake.address)), StoppedClock()) == 3
        assert states(world) == [
            (ScanState.CLEAN, None),
            (ScanState.INFECTED, "Eicar-Test-Signature"),
            (ScanState.CLEAN, None),
        ]
        assert filing.scan_waiting(world.database, Cabinet(blobs, Clamd(fake.address)), StoppedClock()) == 0


def test_a_scanner_that_is_still_gone_changes_nothing(world: World, tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path / "files")
    sent(world, 1, kept(blobs, b"one"), kept(blobs, b"two"))
    assert filing.scan_waiting(world.database, Cabinet(blobs, Clamd(f"unix://{tmp_path}/no")), StoppedClock()) == 0
    assert filing.scan_waiting(world.database, Cabinet(blobs, None), StoppedClock()) == 0
    assert states(world) == [(ScanState.WAITING, None)] * 2


def test_a_content_that_is_lost_or_altered_is_said_to_be(world: World, tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path / "files")
    sent(world, 1, kept(blobs, b"lost"), kept(blobs, b"altered"), kept(blobs, b"there"))
    blobs.delete(key_of(b"lost"))
    altered = key_of(b"altered")
    (tmp_path / "files" / altered[:2] / altered[2:]).write_bytes(b"something else")
    with clamd() as fake:
        filing.scan_waiting(world.database, Cabinet(blobs, Clamd(fake.address)), StoppedClock())
    assert [scan for scan, _found in states(world)] == [ScanState.LOST, ScanState.LOST, ScanState.CLEAN]


def test_only_old_contents_that_nothing_refers_to_are_removed(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    blobs = DiskBlobs(folder)
    sent(world, 1, kept(blobs, b"sent"), kept(blobs, b"released as another"))
    blobs.put(b"released")
    with world.database.writing() as session:
        session.scalars(select(SubmissionFile)).all()[0].released_sha256 = key_of(b"released")
    blobs.put(b"nobody's, old")
    blobs.put(b"nobody's, young")
    for content in (b"sent", b"released", b"nobody's, old"):
        age(folder, content, timedelta(days=2))
    age(folder, b"nobody's, young", timedelta(hours=23))
    assert filing.remove_orphans(world.database, Cabinet(blobs, None), NOW) == 1
    assert blobs.has(key_of(b"sent"))
    assert blobs.has(key_of(b"released"))
    assert blobs.has(key_of(b"nobody's, young"))
    assert not blobs.has(key_of(b"nobody's, old"))


def test_files_of_a_person_who_asked_for_it_are_gone_and_their_contents_follow(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    blobs = DiskBlobs(folder)
    sent(world, 1, kept(blobs, b"only theirs"), kept(blobs, b"somebody else's too"))
    sent(world, 2, kept(blobs, b"somebody else's too"))
    with world.database.writing() as session:
        first = session.scalars(select(SubmissionFile).where(SubmissionFile.sha256 == key_of(b"only theirs"))).one()
        file_erasure.erase(session, first.submission_id)
    for content in (b"only theirs", b"somebody else's too"):
        age(folder, content, timedelta(days=2))
    assert filing.remove_orphans(world.database, Cabinet(blobs, None), NOW) == 1
    assert not blobs.has(key_of(b"only theirs"))
    assert blobs.has(key_of(b"somebody else's too"))


def test_more_contents_than_are_asked_about_at_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing, "AT_ONCE", 2)
    blobs = DiskBlobs(tmp_path / "files")
    for number in range(5):
        blobs.put(b"%d" % number)
        age(tmp_path / "files", b"%d" % number, timedelta(days=2))
    assert filing.remove_orphans(world.database, Cabinet(blobs, None), NOW) == 5
    assert list(blobs.put_before(NOW + timedelta(days=1))) == []


def test_the_thread_goes_on_whatever_goes_wrong_and_stops_when_told(world: World, tmp_path: Path) -> None:
    stop, seen = threading.Event(), threading.Event()

    class Unreachable(DiskBlobs):
        def put_before(self, instant: datetime):  # type: ignore[no-untyped-def]
            seen.set()
            raise OSError("gone")

    thread = threading.Thread(target=filing.run, args=(world.database, Cabinet(Unreachable(tmp_path), None), stop))
    thread.start()
    assert seen.wait(20)
    assert thread.is_alive()
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


def test_an_address_that_names_no_place_stops_the_worker() -> None:
    with pytest.raises(ConfigurationError, match="YANLU_FILES_URL"):
        filing.cabinet_of(settings(files_url="ftp://host/files"))


def test_the_settings_name_place_and_scanner(tmp_path: Path) -> None:
    given: Settings = settings(var_dir=tmp_path, clamd="tcp://127.0.0.1:3310")
    cabinet = filing.cabinet_of(given)
    key = cabinet.blobs.put(b"x")
    assert (tmp_path / "files" / key[:2] / key[2:]).exists()
    assert cabinet.scanner == Clamd("tcp://127.0.0.1:3310")
