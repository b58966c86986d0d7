"""What a package for the archive consists of, part by part, and reading it back once it is kept."""

import hashlib
import io
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import StaffUser
from app.archives import bags, queries
from app.archives.bags import Checked, Part
from app.archives.models import Archive
from app.archives.retention import WORDS
from app.assignments.models import Assignment
from app.backups import stream
from app.consultations.models import Consultation
from app.departments.models import Department
from app.dispositions.models import AnswerFile
from app.documents.models import Clause, DocumentVersion
from app.exports.keeping import Keeper
from app.exports.models import ExportOrder, ExportPiece
from app.exports.tabular import csv_bytes, said
from app.kit.blobs import BlobStore, DamagedBlob, NoSuchBlob
from app.kit.database import Database
from app.soundings.models import SoundingFile
from app.submissions.models import Submission, SubmissionFile
from app.submissions.vault import Vault
from app.worker import archive_rows
from app.worker.export_rows import Row, Source, results_of, senders_of


@dataclass(frozen=True)
class Shelf:
    """Where contents are, what opens sealed fields, the key that contacts are sealed for, where there is one, and what
    is told which submissions' senders are about to be named."""

    database: Database
    blobs: BlobStore
    vault: Vault
    recipient: bytes | None
    note: Callable[[Sequence[uuid.UUID]], None]


class NoArchiveKey(Exception):
    """Contacts were ordered and there is no key to seal them for."""


def package(shelf: Shelf, order: ExportOrder) -> Iterator[bytes]:
    """The whole package. Raises NoArchiveKey, NoSuchBlob, DamagedBlob, OSError."""
    with shelf.database.reading() as session:
        archive = queries.of_order(session, order.id)
        consultation = session.get_one(Consultation, order.consultation_id)
        info = _info(archive, consultation, order)
    if order.columns and shelf.recipient is None:
        raise NoArchiveKey
    return bags.pieces(order.number, _parts(shelf, order, consultation), info, order.asked_at)


def read_back(keeper: Keeper, pieces: Sequence[ExportPiece], beat: Callable[[], None]) -> tuple[Checked, str, int]:
    """What the kept package holds, its SHA-256 and its size; `beat` is called after each piece.

    Raises BadBag, Lost, OSError, and what `beat` raises.
    """
    digest, size = hashlib.sha256(), 0
    for content in keeper.content(pieces):
        digest.update(content)
        size += len(content)
        beat()
    return bags.check(io.BufferedReader(_Kept(keeper, pieces, beat))), digest.hexdigest(), size


def _info(archive: Archive, consultation: Consultation, order: ExportOrder) -> dict[str, str]:
    return {
        "Source-Organization": archive.unit,
        "External-Identifier": archive.file_number,
        "Internal-Sender-Identifier": order.number,
        "External-Description": consultation.title,
        "Bagging-Date": said(order.asked_at)[:10],
        "Retention-Period": WORDS[archive.retention],
        "Opened": said(consultation.opens_at),
        "Closed": said(consultation.closes_at),
        "Concluded": said(consultation.concluded_at),
        "Contacts": "sealed in contacts.sealed" if order.columns else "none",
    }


def _parts(shelf: Shelf, order: ExportOrder, consultation: Consultation) -> Iterator[Part]:
    database, id = shelf.database, consultation.id
    with database.reading() as session:
        yield Part("draft.jsonl", list(_draft(session, consultation)))
        yield Part("people.jsonl", list(_people(session)))
        yield Part("departments.jsonl", list(_departments(session)))
    for name in archive_rows.names():
        yield Part(f"tables/{name}.jsonl", archive_rows.lines(database, name, id))
    results = results_of(id, shelf.vault)
    rows = (row for portion in results.portions(database) for row in portion.rows)
    yield Part("results.csv", csv_bytes(results.headings, rows))
    yield from _files(shelf, id)
    if order.columns and shelf.recipient is not None:
        senders = senders_of(order, shelf.vault)
        sealed = stream.pieces(
            csv_bytes(senders.headings, _named(shelf, senders)), shelf.recipient, f"archive|{order.number}"
        )
        yield Part("contacts.sealed", sealed)


def _named(shelf: Shelf, senders: Source) -> Iterator[Row]:
    for portion in senders.portions(shelf.database):
        shelf.note(portion.about)
        yield from portion.rows


def _draft(session: Session, consultation: Consultation) -> Iterator[bytes]:
    """Every version of the draft with its clauses, as they were."""
    document = session.get_one(DocumentVersion, consultation.version_id).document_id
    versions = session.scalars(select(DocumentVersion).where(DocumentVersion.document_id == document)).all()
    for row in (*versions, *session.scalars(select(Clause).where(Clause.version_id.in_([v.id for v in versions])))):
        values = {column.name: getattr(row, column.name) for column in row.__table__.columns}
        yield archive_rows.line({"table": row.__tablename__, **values})


def _people(session: Session) -> Iterator[bytes]:
    """Whom the ids of staff in other parts name."""
    for id, name in session.execute(select(StaffUser.id, StaffUser.display_name).order_by(StaffUser.id)):
        yield archive_rows.line({"id": id, "name": name})


def _departments(session: Session) -> Iterator[bytes]:
    for id, name in session.execute(select(Department.id, Department.name).order_by(Department.id)):
        yield archive_rows.line({"id": id, "name": name})


def _files(shelf: Shelf, consultation_id: uuid.UUID) -> Iterator[Part]:
    """Each content once; the tables say whose it is and what it was called. One that is gone is told as such."""
    with shelf.database.reading() as session:
        keys = _keys(session, consultation_id)
    lost = []
    for key in keys:
        try:
            yield Part(f"files/{key}", [shelf.blobs.get(key)])
        except (NoSuchBlob, DamagedBlob):
            lost.append(key)
    if lost:
        yield Part("files-missing.txt", [f"{key}\n".encode() for key in lost])


def _keys(session: Session, consultation_id: uuid.UUID) -> list[str]:
    mine = select(Submission.id).where(Submission.consultation_id == consultation_id)
    handed_over = select(Assignment.id).where(Assignment.consultation_id == consultation_id)
    named = (
        select(SubmissionFile.sha256).where(SubmissionFile.submission_id.in_(mine)),
        select(SubmissionFile.released_sha256).where(SubmissionFile.submission_id.in_(mine)),
        select(SoundingFile.sha256).where(SoundingFile.consultation_id == consultation_id),
        select(AnswerFile.sha256).where(AnswerFile.assignment_id.in_(handed_over)),
    )
    return sorted({key for query in named for key in session.scalars(query) if key})


class _Kept(io.RawIOBase):
    """The kept pieces as one file that can be read at any place; one piece is in memory."""

    def __init__(self, keeper: Keeper, pieces: Sequence[ExportPiece], beat: Callable[[], None]) -> None:
        self._keeper, self._pieces, self._beat = keeper, pieces, beat
        self._size, self._at, self._held = sum(piece.size for piece in pieces), 0, (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        place, start = self._place()
        if place == len(self._pieces):
            return 0
        if self._held[0] != place:
            self._held = (place, self._keeper.get(self._pieces[place]))
            self._beat()
        found = self._held[1][self._at - start : self._at - start + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _place(self) -> tuple[int, int]:
        """The piece that holds the present byte, and where it begins: all but the last are of one size."""
        if self._at >= self._size:
            return len(self._pieces), self._size
        place = self._at // self._pieces[0].size
        return place, place * self._pieces[0].size
