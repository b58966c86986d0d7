"""Files that come with a comment: taken in before it is stored, internal until somebody releases one of them."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.kit.blobs import BlobStore, DamagedBlob, NoSuchBlob
from app.kit.clamd import Scanner, ScannerGone
from app.kit.errors import Conflict, NotFound, Unavailable
from app.kit.identifiers import new_id
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.submissions import queries as submissions
from app.submissions.characters import on_one_line
from app.submissions.file_examination import FileProblem, FileRefused, examine
from app.submissions.file_kinds import LONGEST_NAME, FileKind, ScanState
from app.submissions.lifecycle import DisplayState
from app.submissions.models import DisplayedComment, SubmissionFile
from app.submissions.restricted import refuse_unless_meant

_OTHER_ENDINGS = {FileKind.JPEG: (".jpg", ".jpeg")}
CLOSED = {
    ScanState.WAITING: "file_not_scanned",
    ScanState.INFECTED: "file_infected",
    ScanState.LOST: "file_lost",
}
"""Why nobody gets a file."""
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]+')
"""What no file may be called by on one system or another."""


@dataclass(frozen=True)
class NewFile:
    """A file that was examined and is kept since `taken_at`, but that no stored submission refers to yet."""

    name: str
    sha256: str
    size: int
    kind: FileKind
    scan: ScanState
    taken_at: datetime


def take_in(blobs: BlobStore, scanner: Scanner | None, content: bytes, name: str, at: datetime) -> NewFile:
    """Examines, scans and keeps a content; takes seconds, so hold no session meanwhile.

    A scanner that can't be reached keeps nobody from commenting: the file waits for it. Raises FileRefused, and OSError
    where the content can't be kept.
    """
    kind = examine(content)
    scan = scan_of(scanner, content)
    if scan is ScanState.INFECTED:
        raise FileRefused(FileProblem.INFECTED)
    key = blobs.put(content)
    return NewFile(name_of(name, kind), key, len(content), kind, scan, at)


def content_of(blobs: BlobStore, key: str) -> bytes:
    """Raises NotFound (`file_lost`) and, where files can't be reached now, Unavailable (`files_unreachable`)."""
    try:
        return blobs.get(key)
    except (NoSuchBlob, DamagedBlob) as error:
        raise NotFound("file_lost") from error
    except OSError as error:
        raise Unavailable("files_unreachable") from error


def scan_of(scanner: Scanner | None, content: bytes) -> ScanState:
    if scanner is None:
        return ScanState.NOT_ASKED
    try:
        return ScanState.CLEAN if scanner.find(content) is None else ScanState.INFECTED
    except ScannerGone:
        return ScanState.WAITING


def name_of(said: str, kind: FileKind) -> str:
    """What people see and save the file as: visible characters on one line, no path, the ending of what it is.

    At most LONGEST_NAME code points; a name that says another kind keeps its own ending before the true one.
    """
    plain = on_one_line(_NOT_IN_NAMES.sub(" ", on_one_line(said)))
    endings = _OTHER_ENDINGS.get(kind, (f".{kind}",))
    ending = next((ending for ending in endings if plain.lower().endswith(ending)), "")
    stem = plain[: len(plain) - len(ending)].strip(". ") or "file"
    ending = ending or f".{kind}"
    return stem[: LONGEST_NAME - len(ending)].rstrip() + ending


def row_of(file: NewFile, submission_id: uuid.UUID, place: int) -> SubmissionFile:
    return SubmissionFile(
        id=new_id(),
        submission_id=submission_id,
        place=place,
        name=file.name,
        kind=file.kind,
        size=file.size,
        sha256=file.sha256,
        scan=file.scan,
        scanned_at=file.taken_at if file.scan is ScanState.CLEAN else None,
    )


def open_file(session: Session, actor: Actor, at: datetime, file_id: uuid.UUID) -> SubmissionFile:
    """Lets somebody have the content; that they had it stays known.

    Raises NotFound, Conflict with a code of CLOSED while nobody may, Forbidden for what was referred.
    """
    require(actor, Permission.OPEN_FILES)
    file = _opened(session, file_id)
    refuse_unless_meant(actor, submissions.get(session, file.submission_id))
    audit.record(
        session,
        actor,
        at,
        "file.opened",
        ("submission", file.submission_id),
        within=submissions.get(session, file.submission_id).consultation_id,
        file_id=str(file.id),
        sha256=file.sha256,
    )
    return file


def release_file(
    session: Session, actor: Actor, at: datetime, file_id: uuid.UUID, reason: str, sha256: str, size: int
) -> None:
    """Lets everybody have the content `sha256` from the displayed opinion: a decision on one file, with its reason.

    Raises NotFound; Conflict where the opinion isn't on display (`not_displayed`), the file is out already
    (`file_released_already`) or may not be opened; Unprocessable without a reason.
    """
    require(actor, Permission.PUBLISH)
    file = _opened(session, file_id)
    if file.released_at is not None:
        raise Conflict("file_released_already")
    shown = session.get(DisplayedComment, file.submission_id)
    if shown is None or shown.state is not DisplayState.DISPLAYED:
        raise Conflict("not_displayed")
    words = due(reason)
    file.released_at = at
    file.released_by = actor.id
    file.release_reason = words
    file.released_sha256 = sha256
    file.released_size = size
    audit.record(
        session,
        actor,
        at,
        "file.released",
        ("submission", file.submission_id),
        within=submissions.get(session, file.submission_id).consultation_id,
        file_id=str(file.id),
        sha256=sha256,
        reason=words,
    )


def withdraw_file(session: Session, actor: Actor, at: datetime, file_id: uuid.UUID, reason: str) -> None:
    """Ends what `release_file` began.

    Raises NotFound, Conflict (`file_not_released`), Unprocessable without a reason.
    """
    require(actor, Permission.PUBLISH)
    file = _held(session, file_id)
    if file.released_at is None:
        raise Conflict("file_not_released")
    words = due(reason)
    file.released_at = None
    file.released_by = None
    file.release_reason = None
    file.released_sha256 = None
    file.released_size = None
    audit.record(
        session,
        actor,
        at,
        "file.withdrawn",
        ("submission", file.submission_id),
        within=submissions.get(session, file.submission_id).consultation_id,
        file_id=str(file.id),
        reason=words,
    )


def _held(session: Session, file_id: uuid.UUID) -> SubmissionFile:
    file = session.get(SubmissionFile, file_id, with_for_update=True)
    if file is None:
        raise NotFound("no_such_file")
    return file


def _opened(session: Session, file_id: uuid.UUID) -> SubmissionFile:
    file = _held(session, file_id)
    if file.scan in CLOSED:
        raise Conflict(CLOSED[file.scan])
    return file
