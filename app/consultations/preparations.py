"""What is being prepared: finding it, and its clauses as they stand with all corrections."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation, Preparation, PreparationText
from app.consultations.preparation import PreparationState, TextPart
from app.consultations.settling import Settled
from app.consultations.subject import Subject
from app.documents import extracted, stored_corrections
from app.documents.corrections import Corrections, Row, laid_over, standing
from app.documents.doubts import Doubt
from app.documents.extracted import Extraction
from app.documents.source_places import Place
from app.kit.errors import NotFound


@dataclass(frozen=True)
class Listed:
    """A preparation that nobody has opened or discarded yet; its slug when a consultation was made."""

    preparation: Preparation
    slug: str | None


@dataclass(frozen=True)
class Reviewed:
    """A preparation's extraction as it was read, with the corrections laid over it."""

    read: Extraction
    corrections: Corrections
    rows: tuple[Row, ...]
    places: tuple[Place | None, ...]

    @property
    def clauses(self) -> list[Row]:
        """The clauses that stand, in order."""
        return standing(self.rows)

    def place(self, key: str) -> Place | None:
        """The lines of a clause in the draft's text; None for an added one and for one that was not found again."""
        return self.places[int(key[1:])] if key.startswith("c") else None

    def open_doubts(self) -> list[tuple[int, Doubt]]:
        """Doubts that nobody has looked at yet, with their places in the list."""
        return [pair for pair in enumerate(self.read.doubts) if pair[0] not in self.corrections.looked_at]

    def corrected(self) -> Extraction:
        """What is stored when it is handed over: the standing clauses, and the doubts that are still open."""
        labels = {
            self.read.clauses[int(row.key[1:])].label: row.clause.label
            for row in self.clauses
            if row.key.startswith("c")
        }
        return replace(
            self.read,
            clauses=tuple(row.clause for row in self.clauses),
            annex_rows=tuple(replace(row, clause=labels.get(row.clause or "")) for row in self.read.annex_rows),
            doubts=tuple(replace(doubt, where=labels.get(doubt.where, doubt.where)) for _, doubt in self.open_doubts()),
        )


def find(session: Session, preparation_id: uuid.UUID) -> Preparation:
    """Raises NotFound."""
    found = session.get(Preparation, preparation_id)
    if found is None:
        raise NotFound("no_such_preparation")
    return found


def reviewed(preparation: Preparation) -> Reviewed:
    """Its clauses as they stand now."""
    read = extracted.from_json(preparation.found)
    corrections = stored_corrections.from_json(preparation.corrections)
    places = tuple((place[0], place[1]) if place else None for place in preparation.found["places"])
    return Reviewed(read, corrections, laid_over(read.clauses, corrections), places)


def clause(preparation: Preparation, key: str) -> Row:
    """One clause as it stands now, a removed one, too. Raises NotFound."""
    found = next((row for row in reviewed(preparation).rows if row.key == key), None)
    if found is None:
        raise NotFound("no_such_clause")
    return found


def slug(session: Session, preparation: Preparation) -> str | None:
    """Of the consultation that was made of it."""
    return session.scalar(select(Consultation.slug).where(Consultation.id == preparation.consultation_id))


def consultation(session: Session, preparation: Preparation) -> Consultation | None:
    """What was made of it."""
    return session.get(Consultation, preparation.consultation_id) if preparation.consultation_id else None


def subject(preparation: Preparation, settled: Settled, rules: str, at: datetime) -> Subject:
    """A preparation as it would be checked at that instant; `rules` are the texts that stand beside the form."""
    values = settled.values
    present = (values["title"], values.get("explanation_title", "") if values.get("explanation") else "")
    return Subject(
        nature=settled.legal_nature,
        published_on=settled.published_on,
        opens_at=settled.opens_at,
        closes_at=settled.closes_at,
        at=at,
        notice=checked_text(preparation, TextPart.NOTICE),
        draft=checked_text(preparation, TextPart.DRAFT),
        explanation=checked_text(preparation, TextPart.EXPLANATION),
        deadline_as_printed=values.get("deadline_as_printed") or None,
        contact_email=values.get("contact_email") or None,
        contact_phone=values.get("contact_phone") or None,
        attachments=tuple(filter(None, present)),
        attachments_named=tuple(preparation.found["attachments"]),
        rules=rules,
    )


def checked_text(preparation: Preparation, part: TextPart) -> str:
    """What is looked over before it becomes public: the draft as it was read, notice and explanation as chosen."""
    kept = preparation.found["draft_text"] if part is TextPart.DRAFT else preparation.choices.get(part.value, "")
    return str(kept)


def texts(session: Session, preparation_id: uuid.UUID) -> dict[TextPart, PreparationText]:
    """What was uploaded, by what it was sent as."""
    rows = session.scalars(select(PreparationText).where(PreparationText.preparation_id == preparation_id))
    return {row.part: row for row in rows}


def unfinished(session: Session) -> Sequence[Listed]:
    """What is in progress or waits for a second person, the latest change first."""
    query = (
        select(Preparation, Consultation.slug)
        .outerjoin(Consultation, Consultation.id == Preparation.consultation_id)
        .where(Preparation.state != PreparationState.DISCARDED)
        .where(Consultation.id.is_(None) | (Consultation.state == ConsultationState.DRAFT))
        .options(defer(Preparation.found), defer(Preparation.corrections), defer(Preparation.choices))
        .order_by(Preparation.changed_at.desc(), Preparation.id)
    )
    return [Listed(row[0], row[1]) for row in session.execute(query)]


def of_consultation(session: Session, consultation_id: uuid.UUID) -> Preparation | None:
    return session.scalar(select(Preparation).where(Preparation.consultation_id == consultation_id))


def slug_is_taken(session: Session, slug: str, consultation_id: uuid.UUID | None) -> bool:
    """By another consultation than this one."""
    holder = session.scalar(select(Consultation.id).where(Consultation.slug == slug))
    return holder is not None and holder != consultation_id
