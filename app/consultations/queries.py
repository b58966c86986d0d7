import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.lifecycle import ConsultationState, Phase, phase_at
from app.consultations.models import ColumnRule, Consultation
from app.kit.errors import NotFound


def all_consultations(session: Session) -> Sequence[Consultation]:
    """Every consultation, drafts too, the one that closes last first."""
    return session.scalars(select(Consultation).order_by(Consultation.closes_at.desc(), Consultation.id)).all()


def public_consultations(session: Session) -> Sequence[Consultation]:
    """What has been made public, the one that closes last first."""
    return session.scalars(
        select(Consultation)
        .where(Consultation.state != ConsultationState.DRAFT)
        .order_by(Consultation.closes_at.desc(), Consultation.id)
    ).all()


def public_consultation(session: Session, slug: str) -> Consultation:
    """Raises NotFound for an unknown slug and for a draft."""
    consultation = find(session, slug)
    if consultation is None or consultation.state is ConsultationState.DRAFT:
        raise NotFound("no_such_consultation", slug=slug)
    return consultation


def find(session: Session, slug: str) -> Consultation | None:
    return session.scalar(select(Consultation).where(Consultation.slug == slug))


def phase(consultation: Consultation, now: datetime) -> Phase:
    return phase_at(consultation.state, consultation.opens_at, consultation.closes_at, now)


def rules(session: Session, consultation_id: uuid.UUID | None = None) -> Sequence[ColumnRule]:
    """The rules of that consultation or, where it has none of its own, of the column."""
    rows = session.scalars(
        select(ColumnRule)
        .where((ColumnRule.consultation_id == consultation_id) | ColumnRule.consultation_id.is_(None))
        .order_by(ColumnRule.ordinal)
    ).all()
    own = [row for row in rows if row.consultation_id is not None]
    return own or rows
