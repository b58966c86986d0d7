"""The worker seals what was committed, and adds each new head to a file that somebody else keeps."""

import json
import threading
from pathlib import Path

from app.audit.heads import read
from app.audit.sealing import tail
from app.audit.verifying import verify
from app.kit.database import Database
from app.kit.signing import Signer
from app.worker import sealing
from app.worker.sealing import HeadsFile
from tests.audit.tampering import add
from tests.support.app import settings
from tests.support.journey import StoppedClock

SEED = b"k" * 32


def test_everything_that_waits_is_sealed_however_much_it_is(database: Database) -> None:
    add(database, 1203)
    assert sealing.seal_all(database, StoppedClock()) == 1203
    with database.reading() as session:
        assert tail(session).number == 0
        assert verify(session).fault is None


def test_each_new_head_is_added_once(database: Database, tmp_path: Path) -> None:
    exported = HeadsFile(tmp_path / "kept" / "heads", Signer(SEED))
    assert not sealing.export_head(database, exported)
    for first in (0, 3):
        add(database, 3, first)
        sealing.seal_all(database, StoppedClock())
        assert [sealing.export_head(database, exported) for _ in range(2)] == [True, False]
    heads = read(exported.path.read_text(encoding="utf-8").splitlines(keepends=True))
    assert [head.position for head in heads] == [3, 6]
    with database.reading() as session:
        assert verify(session, heads, (Signer(SEED).public,)).fault is None


def test_without_a_key_heads_are_plain(database: Database, tmp_path: Path) -> None:
    add(database, 1)
    sealing.seal_all(database, StoppedClock())
    sealing.export_head(database, HeadsFile(tmp_path / "heads", None))
    assert set(json.loads((tmp_path / "heads").read_text())) == {"position", "seal", "at"}


def test_the_settings_say_where_heads_go(tmp_path: Path) -> None:
    assert sealing.heads_file_of(settings()) is None
    found = sealing.heads_file_of(settings(audit_heads=tmp_path / "heads"))
    assert found == HeadsFile(tmp_path / "heads", None)


def test_a_folder_that_can_not_be_written_stops_no_sealing(database: Database, tmp_path: Path) -> None:
    add(database, 2)
    (tmp_path / "file").write_text("no folder")
    stop = threading.Event()
    thread = threading.Thread(target=sealing.run, args=(database, HeadsFile(tmp_path / "file" / "heads", None), stop))
    thread.start()
    while _waiting(database):
        pass
    stop.set()
    thread.join()


def _waiting(database: Database) -> int:
    with database.reading() as session:
        return tail(session).number
