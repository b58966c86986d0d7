"""Scans of other organs' replies are owed the same as files of comments."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app.kit.blobs import DiskBlobs
from app.kit.clamd import Clamd
from app.soundings import replying
from app.soundings.models import SoundingFile
from app.soundings.replying import Reply
from app.submissions.file_kinds import ScanState
from app.worker import filing
from app.worker.filing import Cabinet
from tests.support import sounding
from tests.support.files import EICAR, clamd
from tests.support.journey import START, StoppedClock, World
from tests.support.sounding import TODAY
from tests.worker.test_filing import age, kept


def test_they_are_scanned_and_kept_as_long_as_a_reply_refers_to_them(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    blobs, manager = DiskBlobs(folder), world.staff.manager
    contents = (b"first", EICAR)
    organs = sounding.organs(world, sounding.sent(world))
    for organ, content in zip(organs, contents, strict=True):
        with world.database.writing() as session:
            reply = Reply(False, TODAY, file=kept(blobs, content))
            replying.enter_reply(session, manager, START, organ, 1, reply)
    blobs.put(b"nobody's")
    with clamd() as fake:
        cabinet = Cabinet(blobs, Clamd(fake.address))
        assert filing.scan_waiting(world.database, cabinet, StoppedClock()) == len(contents)
    with world.database.reading() as session:
        found = session.scalars(select(SoundingFile).order_by(SoundingFile.id)).all()
    assert [row.scan for row in found] == [ScanState.CLEAN, ScanState.INFECTED]
    for content in (*contents, b"nobody's"):
        age(folder, content, timedelta(days=2))
    assert filing.remove_orphans(world.database, cabinet, datetime.now(UTC)) == 1
    assert all(blobs.has(row.sha256) for row in found)
