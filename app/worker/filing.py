"""What is owed to files of comments, other organs' replies and answers, beside the jobs and in a thread of its own.

Files that the scanner could not see when they came are shown to it; contents that nothing refers to a day after they
were put are removed. Neither happens inside a transaction: a slow scanner or store of files holds nothing up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

import structlog

from app.config import ConfigurationError, Settings
from app.dispositions import files as answer_files
from app.dispositions.models import AnswerFile
from app.exports import queries as exports
from app.kit.blobs import BlobStore, DamagedBlob, NoSuchBlob
from app.kit.clamd import Clamd, Scanner, ScannerGone
from app.kit.clock import Clock, SystemClock
from app.kit.database import Database
from app.kit.object_blobs import NoSuchPlace, blobs_at
from app.mail import queries as mails
from app.soundings import queries as soundings
from app.soundings.models import SoundingFile
from app.submissions import file_queries as files
from app.submissions.file_kinds import ScanState
from app.submissions.models import SubmissionFile
from app.worker.failures import place_of

PAUSE_SECONDS = 30.0
AT_ONCE = 50
ORPHANED_AFTER = timedelta(days=1)
"""Longer than a form keeps its files, so that what is removed can't be sent any more."""

StoredFile = SubmissionFile | SoundingFile | AnswerFile

log = structlog.get_logger("yanlu.files")


@dataclass(frozen=True)
class Cabinet:
    """Where files are kept, and who looks into them, if anybody does."""

    blobs: BlobStore
    scanner: Scanner | None


def cabinet_of(settings: Settings) -> Cabinet:
    """Raises ConfigurationError."""
    try:
        blobs = blobs_at(settings.files_url, settings.var_dir / "files", settings.files_access)
    except NoSuchPlace as error:
        raise ConfigurationError(str(error)) from error
    return Cabinet(blobs, Clamd(settings.clamd) if settings.clamd else None)


def run(database: Database, cabinet: Cabinet, stop: Event) -> None:
    """Works until `stop` is set. A store, a scanner or a place for files that can't be reached is tried again."""
    clock = SystemClock()
    while not stop.is_set():
        try:
            scan_waiting(database, cabinet, clock)
            remove_orphans(database, cabinet, clock.now())
        except Exception as error:  # whatever is wrong with one file or place, all of it is tried again
            log.warning("files_unavailable", error=place_of(error))
        stop.wait(PAUSE_SECONDS)


def scan_waiting(database: Database, cabinet: Cabinet, clock: Clock) -> int:
    """How many files got a verdict. Ends at the first that the scanner doesn't answer about."""
    if cabinet.scanner is None:
        return 0
    with database.reading() as session:
        waiting: list[StoredFile] = [*files.waiting(session, AT_ONCE), *soundings.files_waiting(session, AT_ONCE)]
        waiting += answer_files.waiting(session, AT_ONCE)
    for place, file in enumerate(waiting):
        try:
            found = cabinet.scanner.find(cabinet.blobs.get(file.sha256))
        except ScannerGone:
            log.warning("scanner_gone", waiting=len(waiting) - place)
            return place
        except (NoSuchBlob, DamagedBlob):
            _note(database, file, ScanState.LOST, None, clock.now())
        else:
            _note(database, file, ScanState.INFECTED if found else ScanState.CLEAN, found, clock.now())
    return len(waiting)


def _note(database: Database, file: StoredFile, scan: ScanState, finding: str | None, at: datetime) -> None:
    with database.writing() as session:
        row = session.get(type(file), file.id, with_for_update=True)
        if isinstance(row, AnswerFile):
            row.scan = scan
        elif isinstance(row, SubmissionFile | SoundingFile):
            row.scan, row.scanned_at, row.finding = scan, at, finding
    log.info("file_scanned", id=str(file.id), scan=scan.value)


def remove_orphans(database: Database, cabinet: Cabinet, now: datetime) -> int:
    """How many contents were removed."""
    removed, batch = 0, list[str]()
    for key in cabinet.blobs.put_before(now - ORPHANED_AFTER):
        batch.append(key)
        if len(batch) == AT_ONCE:
            removed, batch = removed + _remove(database, cabinet, batch), []
    removed += _remove(database, cabinet, batch)
    if removed:
        log.info("orphans_removed", number=removed)
    return removed


def _remove(database: Database, cabinet: Cabinet, keys: list[str]) -> int:
    with database.reading() as session:
        kept = files.referred_to(session, keys) | soundings.referred_to(session, keys)
        kept |= mails.referred_to(session, keys) | answer_files.referred_to(session, keys)
        kept |= exports.referred_to(session, keys)
    for key in set(keys) - kept:
        cabinet.blobs.delete(key)
    return len(set(keys) - kept)
