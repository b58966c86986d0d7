"""Preparing and opening a call for comments; what happens to it afterwards is in `changing`."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import audit
from app.calendars import queries as calendars
from app.consultations import queries
from app.consultations.lifecycle import (
    LIFECYCLE,
    REGIME_OF_KIND,
    ConsultationEvent,
    ConsultationState,
    Kind,
    LegalNature,
)
from app.consultations.models import ColumnRule, Consultation, ConsultationRound
from app.consultations.readiness import refuse_unready
from app.consultations.windows import Verdict, WindowFinding, check_window
from app.jobs import ledger as jobs
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.reasons import optional
from app.permissions import EVERYWHERE, Actor, ActorKind, Permission, require


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


@dataclass(frozen=True)
class Opening:
    """What the person who opens answers for, and the revision that they looked at, where they looked.

    `short_window_reason` is shown to the public, `override_reason` is kept for the audit.
    """

    short_window_reason: str = ""
    override_reason: str = ""
    revision: int | None = None


def prepare(session: Session, actor: Actor, at: datetime, announcement: Announcement) -> Consultation:
    """A consultation that nobody can see yet. Its display regime follows from its kind.

    Raises Conflict when the slug is taken, Unprocessable when the window ends before it begins.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS, within=EVERYWHERE)
    if session.scalar(select(Consultation.id).where(Consultation.slug == announcement.slug)) is not None:
        raise Conflict("slug_taken", slug=announcement.slug)
    if announcement.closes_at <= announcement.opens_at:
        raise Unprocessable("window_ends_before_it_begins")
    consultation = Consultation(
        **vars(announcement),
        display_regime=REGIME_OF_KIND[announcement.kind],
        state=ConsultationState.DRAFT,
        created_at=at,
        prepared_by=actor.id,
    )
    session.add(consultation)
    session.flush()
    audit.record(session, actor, at, "consultation.prepared", ("consultation", consultation.id), slug=consultation.slug)
    return consultation


def open_consultation(session: Session, actor: Actor, at: datetime, slug: str, opening: Opening) -> None:
    """Makes it public; comments are taken between its two instants. A second person does it (四眼原则).

    The window is checked now, from the real publication day. Where the law lets it be shortened, a window that is too
    short owes the public a reason; elsewhere whoever opens it overrides the rule by name, with a reason.

    Raises NotFound; Conflict("own_preparation") for staff who prepared it themselves, ("returned_to_preparer") while it
    is being corrected, ("changed_meanwhile"); InvalidTransition; Unprocessable("short_window_reason_required"),
    ("override_reason_required").
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = _find(session, slug)
    if is_own_preparation(session, consultation, actor):
        raise Conflict("own_preparation")
    refuse_unready(session, consultation.id)
    state = LIFECYCLE.after(consultation.state, ConsultationEvent.OPEN)
    if opening.revision not in (None, consultation.revision):
        raise Conflict("changed_meanwhile")
    window = _window(session, at, consultation)
    shortened, overridden = _reasons(window, opening)
    consultation.state = state
    consultation.opened_by, consultation.opened_at = actor.id, at
    consultation.short_window_reason = shortened
    consultation.override_reason, consultation.override_by = overridden, actor.id if overridden else None
    audit.record(
        session,
        actor,
        at,
        "consultation.opened",
        ("consultation", consultation.id),
        window=window.verdict.value,
        calendar_days=window.calendar_days,
        working_days=window.working_days,
        short_window_reason=shortened,
        override_reason=overridden,
    )
    _owe_news_of_round(session, at, consultation)


def _owe_news_of_round(session: Session, at: datetime, consultation: Consultation) -> None:
    """Whoever commented in the round before is told as soon as comments are taken."""
    if session.get(ConsultationRound, consultation.id) is not None:
        due_at = max(at, consultation.opens_at)
        jobs.enqueue(session, "tell_second_round", due_at, consultation_id=str(consultation.id))


def is_own_preparation(session: Session, consultation: Consultation, actor: Actor) -> bool:
    """Whether the same member of staff prepared it. Whoever runs the server may do both."""
    return actor.kind is ActorKind.STAFF and actor.id in queries.preparers(session, consultation)


def _window(session: Session, at: datetime, consultation: Consultation) -> WindowFinding:
    """From the instant at which it really becomes public."""
    opens_at = max(consultation.opens_at, at)
    nature, published_on = consultation.legal_nature, consultation.published_on
    return check_window(nature, published_on, opens_at, consultation.closes_at, calendars.calendar(session))


def _reasons(window: WindowFinding, opening: Opening) -> tuple[str | None, str | None]:
    """The public reason and the one for overriding; none is kept where none is due."""
    if window.verdict is Verdict.PASS:
        return None, None
    if window.verdict is Verdict.WARN:
        return _owed(opening.short_window_reason, "short_window_reason_required", window), None
    overridden = _owed(opening.override_reason, "override_reason_required", window)
    return optional(opening.short_window_reason), overridden


def _owed(reason: str, missing: str, window: WindowFinding) -> str:
    words = optional(reason)
    if words is None:
        raise Unprocessable(missing, given=window.given, required=window.required, unit=window.unit.value)
    return words


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
