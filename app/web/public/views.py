"""What the public pages show, put together from queries."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.disclosure import Disclosed, disclosed
from app.consultations.effects import NoteKind
from app.consultations.lifecycle import DisplayRegime, Kind, Phase
from app.consultations.models import Consultation
from app.consultations.terms import DisplayTerms
from app.departments.models import Department
from app.documents import queries as documents
from app.documents.queries import ReadClause
from app.records import queries as records
from app.records.stages import ConclusionKind, ResultStage
from app.submissions import queries as submissions
from app.web import words
from app.web.templating import until

COLUMNS_TERMS = DisplayTerms()


@dataclass(frozen=True)
class Card:
    """A consultation in a list. `submissions` counts 份; the public is told only where `disclosed` holds totals."""

    slug: str
    title: str
    kind: Kind
    display_regime: DisplayRegime
    issuing_body: str
    phase: Phase
    opens_at: datetime
    closes_at: datetime
    days_left: int | None
    submissions: int
    latest_change: NoteKind | None
    disclosed: frozenset[Disclosed]


@dataclass(frozen=True)
class Unit:
    name: str
    role: str
    standing: bool


@dataclass(frozen=True)
class ClauseView:
    """A clause on the draft page. `commentable` clauses have words of their own, so that one can write about them."""

    id: uuid.UUID
    anchor: str
    label: str
    number: str
    heading: str
    level: int
    text: str
    text_hash: str
    units: tuple[Unit, ...]
    opinions: int
    commentable: bool


@dataclass(frozen=True)
class Whole(Card):
    """Everything that is public of a consultation but its clauses."""

    drafting_department: str
    published_on: date | None
    notice_title: str
    notice: str
    explanation_title: str
    explanation: str
    contact_phone: str | None
    contact_email: str | None
    deadline_as_printed: str | None
    short_window_reason: str | None
    reported: ResultStage | None
    ended: ConclusionKind | None


def cards(session: Session, now: datetime) -> dict[Phase, list[Card]]:
    """Every public consultation by phase; of the open ones the one that closes first stands first."""
    rows = consultations.public_consultations(session)
    counts = submissions.counts(session, [row.id for row in rows])
    kinds = consultations.latest_kinds(session, [row.id for row in rows])
    terms = consultations.display_terms_of(session, [row.id for row in rows])
    by_phase: dict[Phase, list[Card]] = {phase: [] for phase in Phase}
    for row in rows:
        made = card(row, now, counts.get(row.id, 0), kinds.get(row.id), terms[row.id])
        by_phase[made.phase].append(made)
    by_phase[Phase.OPEN].reverse()
    by_phase[Phase.COMING].sort(key=lambda made: made.opens_at)
    return by_phase


def card(
    row: Consultation,
    now: datetime,
    number: int,
    latest_change: NoteKind | None = None,
    terms: DisplayTerms = COLUMNS_TERMS,
) -> Card:
    return Card(**_card_fields(row, now, number, latest_change, terms))


def whole(session: Session, row: Consultation, now: datetime) -> Whole:
    number = submissions.counts(session, [row.id]).get(row.id, 0)
    department = session.get(Department, row.drafting_department_id)
    reported, ended = records.stage_of(session, row.id)
    return Whole(
        **_card_fields(row, now, number, None, consultations.display_terms(session, row.id)),
        drafting_department=department.name if department else row.issuing_body,
        published_on=row.published_on,
        notice_title=row.notice_title,
        notice=row.notice,
        explanation_title=row.explanation_title,
        explanation=row.explanation,
        contact_phone=row.contact_phone,
        contact_email=row.contact_email,
        deadline_as_printed=row.deadline_as_printed,
        short_window_reason=row.short_window_reason,
        reported=reported,
        ended=ended,
    )


def clause_views(
    session: Session, row: Consultation, version_id: uuid.UUID | None = None, *, totals: bool = False
) -> list[ClauseView]:
    """The clauses of the text under comment or, where another is named, of that one; with `totals` their comments."""
    counts = submissions.clause_counts(session, row.id) if totals else {}
    read = documents.clauses_of(session, version_id or row.version_id)
    return [_clause_view(clause, place, counts.get(clause.id, 0)) for place, clause in enumerate(read, 1)]


def commentable(views: Sequence[ClauseView]) -> list[ClauseView]:
    return [view for view in views if view.commentable]


def clause_name(number: str, heading: str) -> str:
    """How a clause is called in running text."""
    return f"{number} {heading}".strip()


def time_left(made: Card, now: datetime) -> str | None:
    return words.time_left(made.closes_at, now) if made.phase is Phase.OPEN else None


def _card_fields(
    row: Consultation, now: datetime, number: int, latest_change: NoteKind | None, terms: DisplayTerms
) -> dict[str, Any]:
    phase = consultations.phase(row, now)
    return {
        "slug": row.slug,
        "title": row.title,
        "kind": row.kind,
        "display_regime": row.display_regime,
        "issuing_body": row.issuing_body,
        "phase": phase,
        "opens_at": row.opens_at,
        "closes_at": row.closes_at,
        "days_left": until(row.closes_at, now) if phase is Phase.OPEN else None,
        "submissions": number,
        "latest_change": latest_change,
        "disclosed": disclosed(terms, phase),
    }


def _clause_view(clause: ReadClause, place: int, opinions: int) -> ClauseView:
    return ClauseView(
        id=clause.id,
        anchor=f"clause-{place}",
        label=clause.label,
        number=clause.number,
        heading=clause.heading,
        level=clause.level,
        text=clause.text,
        text_hash=clause.text_hash,
        units=tuple(Unit(unit.name, unit.role, unit.standing) for unit in clause.units),
        opinions=opinions,
        commentable=bool(clause.text),
    )
