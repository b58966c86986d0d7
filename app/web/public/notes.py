"""What happened to a consultation after its opening, as its pages tell it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.effects import NoteKind
from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation, ConsultationNote
from app.documents import queries as documents

STOPPING = {
    ConsultationState.SUSPENDED: NoteKind.SUSPENSION,
    ConsultationState.WITHDRAWN: NoteKind.WITHDRAWAL,
    ConsultationState.CLOSED: NoteKind.EARLY_CLOSING,
}


@dataclass(frozen=True)
class NoteView:
    """A public note. `opens_at` is set where the opening moved, `closes_at` where the closing did; `former` and
    `present` are the numbers of two texts where one took the other's place."""

    kind: NoteKind
    at: datetime
    text: str
    opened_at: datetime | None
    opens_at: datetime | None
    closed_at: datetime
    closes_at: datetime | None
    former: int | None
    present: int | None


def of_consultation(session: Session, row: Consultation) -> list[NoteView]:
    """All of them, newest first."""
    return _views(session, consultations.notes(session, row.id))


def since(session: Session, row: Consultation, received_at: datetime) -> list[NoteView]:
    """What whoever commented at that instant couldn't know of yet, newest first.

    A suspension or a withdrawal that is in force is told to everybody: a comment may have been on its way meanwhile.
    """
    stopped = STOPPING.get(row.state)
    every = consultations.notes(session, row.id)
    return _views(session, [note for note in every if note.at > received_at or note.kind is stopped])


def why_stopped(session: Session, row: Consultation) -> NoteView | None:
    """The note on what ended or interrupted it; None where it runs, or ended as announced."""
    kind = STOPPING.get(row.state)
    if kind is None:
        return None
    found = [note for note in consultations.notes(session, row.id) if note.kind is kind]
    return _views(session, found[:1])[0] if found else None


def _views(session: Session, rows: Sequence[ConsultationNote]) -> list[NoteView]:
    texts = [text for row in rows for text in (row.version_before, row.version_after) if text]
    numbers = documents.version_numbers(session, texts) if texts else {}
    return [_view(row, numbers) for row in rows]


def _view(row: ConsultationNote, numbers: dict[uuid.UUID, int]) -> NoteView:
    return NoteView(
        kind=row.kind,
        at=row.at,
        text=row.text,
        opened_at=row.opens_before,
        opens_at=row.opens_after,
        closed_at=row.closes_before,
        closes_at=row.closes_after if row.closes_after != row.closes_before else None,
        former=numbers[row.version_before] if row.version_before else None,
        present=numbers[row.version_after] if row.version_after else None,
    )
