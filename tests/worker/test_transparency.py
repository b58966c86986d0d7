"""The worker seals the log once a minute, countersigns the audit log in it, and adds each head to a file."""

import threading
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from app.audit import sealing as audit
from app.config import load_secrets
from app.kit.database import Database
from app.transparency import heads, nodes, queries, sealing
from app.transparency.models import EntryKind, LogEntry
from app.worker import transparency
from app.worker.transparency import LogKeeper
from tests.audit.tampering import add as add_audited
from tests.support.app import settings
from tests.support.journey import START
from tests.transparency.test_log_sealing import SIGNER, add

MINUTE = timedelta(minutes=1)


def test_every_minute_gets_a_batch_unless_that_is_switched_off(database: Database) -> None:
    keeper, sparing = LogKeeper(SIGNER, None, True), LogKeeper(SIGNER, None, False)
    assert transparency.seal_if_due(database, keeper, START) == 0
    assert transparency.seal_if_due(database, keeper, START) is None
    assert transparency.seal_if_due(database, sparing, START + MINUTE) is None
    add(database, 2)
    assert transparency.seal_if_due(database, keeper, START) is None
    assert transparency.seal_if_due(database, sparing, START + MINUTE) == 2


def test_the_audit_logs_head_stands_in_the_log(database: Database) -> None:
    keeper = LogKeeper(SIGNER, None, True)
    add_audited(database, 3)
    with database.writing() as session:
        audit.seal(session, START)
        head = audit.head(session)
    sealed = [transparency.seal_if_due(database, keeper, START + minutes * MINUTE) for minutes in (0, 1, 60)]
    assert sealed == [1, 0, 1]
    with database.reading() as session:
        entries = session.scalars(select(LogEntry).where(LogEntry.kind == EntryKind.AUDIT_HEAD)).all()
        assert [entry.said for entry in entries] == [{"position": 3, "seal": head.seal.hex()}] * 2
        assert queries.proof_of(session, entries[0].id, nodes.size(session)) is not None
        assert sealing.waiting(session).number == 0


def test_each_new_head_is_added_once(database: Database, tmp_path: Path) -> None:
    keeper = LogKeeper(SIGNER, tmp_path / "kept" / "heads", True)
    assert not transparency.export_head(database, keeper)
    added = []
    for minute in range(2):
        transparency.seal_if_due(database, keeper, START + minute * MINUTE)
        added.append([transparency.export_head(database, keeper) for _ in range(2)])
    assert added == [[True, False]] * 2
    assert keeper.heads is not None
    kept = heads.read(keeper.heads.read_text(encoding="utf-8").splitlines(keepends=True))
    assert [(head.size, head.is_signed_by(SIGNER.public)) for head in kept] == [(1, True), (2, True)]


def test_the_thread_works_until_it_is_stopped(database: Database, tmp_path: Path) -> None:
    stop, given = threading.Event(), settings(var_dir=tmp_path, log_heads=tmp_path / "heads")
    keeper = transparency.keeper_of(given)
    thread = threading.Thread(target=transparency.run, args=(database, keeper, stop))
    thread.start()
    while not (tmp_path / "heads").exists() and thread.is_alive():
        stop.wait(0.01)
    stop.set()
    thread.join(20)
    (head,) = heads.read((tmp_path / "heads").read_text(encoding="utf-8").splitlines(keepends=True))[:1]
    assert head.is_signed_by(keeper.signer.public)
    assert load_secrets(given).signing  # the key follows from it, since the settings give none
