"""Preparing and opening a call for comments; what happens to it afterwards is in `changing`."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import audit
from app.consultations.lifecycle import (
    LIFECYCLE,
    REGIME_OF_KIND,
    ConsultationEvent,
    ConsultationState,
    Kind,
    LegalNature,
)
from app.consultations.models import ColumnRule, Consultation
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.permissions import Actor, Permission, require


@dataclass(frozen=True)
class Announcement:
    """What is put out for comment: everything of a consultation that is not decided by its life."""

    slug: str
    title: str
    kind: Kind
    legal_nature: LegalNature
    drafting_department_id: str
    version_id: uuid.UUID
    issuing_body: str
    published_on: date | None
    notice_title: str
    notice: str
    explanation_title: str
    explanation: str
    contact_phone: str | None
    contact_email: str | None
    deadline_as_printed: str | None
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Rule:
    """One section of the column's rules."""

    heading: str
    text: str


def prepare(session: Session, actor: Actor, at: datetime, announcement: Announcement) -> Consultation:
    """A consultation that nobody can see yet. Its display regime follows from its kind.

    Raises Conflict when the slug is taken, Unprocessable when the window ends before it begins.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    if session.scalar(select(Consultation.id).where(Consultation.slug == announcement.slug)) is not None:
        raise Conflict("slug_taken", slug=announcement.slug)
    if announcement.closes_at <= announcement.opens_at:
        raise Unprocessable("window_ends_before_it_begins")
    consultation = Consultation(
        **vars(announcement),
        display_regime=REGIME_OF_KIND[announcement.kind],
        state=ConsultationState.DRAFT,
        created_at=at,
    )
    session.add(consultation)
    session.flush()
    audit.record(session, actor, at, "consultation.prepared", ("consultation", consultation.id), slug=consultation.slug)
    return consultation


def open_consultation(session: Session, actor: Actor, at: datetime, slug: str) -> None:
    """Makes it public; comments are taken between its two instants. Raises NotFound, InvalidTransition."""
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = _find(session, slug)
    consultation.state = LIFECYCLE.after(consultation.state, ConsultationEvent.OPEN)
    audit.record(session, actor, at, "consultation.opened", ("consultation", consultation.id))


def set_rules(
    session: Session, actor: Actor, at: datetime, rules: Sequence[Rule], consultation_id: uuid.UUID | None = None
) -> None:
    """Replaces the rules of the column or, where one is named, of one consultation. Empty sections are left out."""
    require(actor, Permission.EDIT_COLUMN_RULES)
    kept = [rule for rule in rules if rule.heading.strip() and rule.text.strip()]
    if not kept:
        raise Unprocessable("rules_required")
    of_place = ColumnRule.consultation_id == consultation_id
    # Who sets them at the same moment waits here: the deletion would not see what came meanwhile, and both would stay.
    session.scalars(select(ColumnRule.id).where(of_place).with_for_update()).all()
    session.execute(delete(ColumnRule).where(of_place))
    session.add_all(
        ColumnRule(consultation_id=consultation_id, ordinal=place, heading=rule.heading.strip(), text=rule.text.strip())
        for place, rule in enumerate(kept)
    )
    audit.record(session, actor, at, "column_rules.set", ("column", consultation_id or "column"), count=len(kept))


def _find(session: Session, slug: str) -> Consultation:
    consultation = session.scalar(select(Consultation).where(Consultation.slug == slug))
    if consultation is None:
        raise NotFound("no_such_consultation", slug=slug)
    return consultation
