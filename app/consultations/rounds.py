"""A further round of comments on the same draft (再次征求意见): a consultation of its own, with opinions of its own."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app import audit
from app.consultations import queries
from app.consultations.actions import Announcement, prepare
from app.consultations.lifecycle import ConsultationState, Phase
from app.consultations.models import Consultation, ConsultationRound, ConsultationTerms
from app.documents.models import DocumentVersion, VersionRole
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.permissions import Actor, Permission, require

SLUG_ROOM = 76
"""Characters of the first round's slug that are kept, so that the number still fits."""


@dataclass(frozen=True)
class NextRound:
    """What differs from the round before; everything else is taken over from it."""

    version_id: uuid.UUID
    notice_title: str
    notice: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Rounds:
    """Where a consultation stands among the rounds on its draft. `following` may be a draft still."""

    number: int
    previous: Consultation | None
    following: Consultation | None


def rounds_of(session: Session, consultation_id: uuid.UUID) -> Rounds:
    before, after = aliased(Consultation), aliased(Consultation)
    previous = session.execute(
        select(ConsultationRound.number, before)
        .join(before, before.id == ConsultationRound.previous_id)
        .where(ConsultationRound.consultation_id == consultation_id)
    ).one_or_none()
    following = session.scalar(
        select(after)
        .join(ConsultationRound, ConsultationRound.consultation_id == after.id)
        .where(ConsultationRound.previous_id == consultation_id)
    )
    return Rounds(previous[0] if previous else 1, previous[1] if previous else None, following)


def round_number(session: Session, consultation_id: uuid.UUID) -> int:
    """1 for the first round on a draft."""
    found = session.get(ConsultationRound, consultation_id)
    return found.number if found else 1


def second_round(session: Session, actor: Actor, at: datetime, slug: str, planned: NextRound) -> Consultation:
    """A draft consultation on the same text or a later one of the document; a second person opens it, as any other.

    Its slug is the first round's with the round's number behind. Raises NotFound; Conflict("window_not_over") unless
    the round before has ended, Conflict("has_next_round"); Unprocessable("no_later_version"),
    Unprocessable("notice_required"); and what `prepare` raises.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    before = _ended(session, slug, at)
    if planned.version_id not in [version.id for version in versions_for_next(session, before)]:
        raise Unprocessable("no_later_version")
    if not (planned.notice_title.strip() and planned.notice.strip()):
        raise Unprocessable("notice_required")
    number = round_number(session, before.id) + 1
    first = slug.removesuffix(f"-{number - 1}") if number > 2 else slug
    made = prepare(session, actor, at, _announcement(before, planned, f"{first[:SLUG_ROOM]}-{number}"))
    # A round before that was shown only after review may have had its reasons.
    made.display_regime = before.display_regime
    session.add(ConsultationRound(consultation_id=made.id, previous_id=before.id, number=number))
    _take_over_terms(session, before.id, made.id)
    audit.record(
        session, actor, at, "consultation.round_prepared", ("consultation", made.id), after=slug, number=number
    )
    return made


def _take_over_terms(session: Session, before: uuid.UUID, made: uuid.UUID) -> None:
    """The form of the next round asks what that of the round before asked, until somebody decides otherwise."""
    decided = session.get(ConsultationTerms, before)
    if decided is not None:
        terms = {column.name: getattr(decided, column.name) for column in ConsultationTerms.__table__.columns}
        session.add(ConsultationTerms(**terms | {"consultation_id": made}))


def versions_for_next(session: Session, before: Consultation) -> Sequence[DocumentVersion]:
    """The text that the round before ended with, and every later draft of the document; the newest first."""
    present = session.get_one(DocumentVersion, before.version_id)
    return session.scalars(
        select(DocumentVersion)
        .where(
            DocumentVersion.document_id == present.document_id,
            DocumentVersion.role == VersionRole.DRAFT,
            DocumentVersion.number >= present.number,
        )
        .order_by(DocumentVersion.number.desc())
    ).all()


def _ended(session: Session, slug: str, at: datetime) -> Consultation:
    before = session.scalar(select(Consultation).where(Consultation.slug == slug))
    if before is None or before.state is ConsultationState.DRAFT:
        raise NotFound("no_such_consultation", slug=slug)
    if queries.phase(before, at) is not Phase.CLOSED:
        raise Conflict("window_not_over")
    if session.scalar(select(ConsultationRound.number).where(ConsultationRound.previous_id == before.id)) is not None:
        raise Conflict("has_next_round")
    return before


def _announcement(before: Consultation, planned: NextRound, slug: str) -> Announcement:
    return Announcement(
        slug=slug,
        title=before.title,
        kind=before.kind,
        legal_nature=before.legal_nature,
        drafting_department_id=before.drafting_department_id,
        version_id=planned.version_id,
        issuing_body=before.issuing_body,
        published_on=None,
        notice_title=planned.notice_title.strip(),
        notice=planned.notice.strip(),
        explanation_title=before.explanation_title,
        explanation=before.explanation,
        contact_phone=before.contact_phone,
        contact_email=before.contact_email,
        deadline_as_printed=None,
        opens_at=planned.opens_at,
        closes_at=planned.closes_at,
    )
