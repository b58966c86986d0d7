import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased

from app.amendments.changes import Change, changes_of
from app.amendments.lifecycle import LinkState
from app.amendments.links import COUNTED
from app.amendments.models import AmendmentLink
from app.consultations.models import Consultation
from app.counters import ledger as counters
from app.dispositions.kinds import DispositionKind
from app.dispositions.lifecycle import DispositionState
from app.dispositions.models import Disposition
from app.documents import versions
from app.documents.compared import read
from app.documents.models import DocumentVersion, StoredComparison, VersionRole
from app.documents.versions import Version
from app.publication import queries as publication

LED_TO_CHANGES = (DispositionKind.ADOPTED, DispositionKind.PARTLY_ADOPTED)
"""Only what was adopted, wholly or in part, can have changed the text; 已有规定 never did."""
SETTLED = (DispositionState.CONFIRMED, DispositionState.SUBMITTED, DispositionState.RELEASED)
"""The drafting department agreed with the answer."""
MOST_DRAFTED = 50
REMOVED = "（删去）"
"""The wording of a clause that the final text doesn't have any more."""


@dataclass(frozen=True)
class Basis:
    """The comparison whose changes suggestions are linked to; `public` says whether the public may see it."""

    comparison_id: uuid.UUID
    draft: Version
    final: Version
    changes: tuple[Change, ...]
    public: bool


def basis_of(session: Session, consultation_id: uuid.UUID) -> Basis | None:
    """The comparison that the public sees, as it was released; else the one with a final text (正式文本) that was asked
    for last. None while there is none, or none worked out."""
    released = publication.released_changes(session, consultation_id)
    release = publication.release_of(session, consultation_id)
    if released is not None and release is not None:
        return Basis(release.comparison_id, released.draft, released.final, changes_of(released.rows), public=True)
    kept = session.scalar(_with_final_text(consultation_id))
    if kept is None or kept.rows is None:
        return None
    draft, final = (versions.version(session, one) for one in (kept.draft_version_id, kept.final_version_id))
    return Basis(kept.id, draft, final, changes_of(read(kept.rows)), public=False)


def progress(session: Session, consultation_id: uuid.UUID) -> dict[LinkState, int]:
    """State → how many links with the changes of `basis_of`; every state is there."""
    basis = basis_of(session, consultation_id)
    wanted = counters.Wanted(COUNTED, consultation_id.hex, basis.comparison_id.hex if basis else "")
    (counted,) = counters.by_state(session, [wanted])
    return {state: counted.get(state.value, 0) for state in LinkState}


@dataclass(frozen=True)
class Drafted:
    """A consultation with a final text, and how many of its links wait for a decision or are confirmed."""

    slug: str
    title: str
    waiting: int
    confirmed: int


def compared_of(session: Session, department_id: str) -> tuple[Drafted, ...]:
    """Those that the department drafts, the one opened last first; at most MOST_DRAFTED."""
    rows = session.scalars(
        select(Consultation)
        .where(Consultation.drafting_department_id == department_id, _has_final_text())
        .order_by(Consultation.opens_at.desc(), Consultation.id)
        .limit(MOST_DRAFTED)
    )
    found = ((row, progress(session, row.id)) for row in rows)
    return tuple(Drafted(row.slug, row.title, n[LinkState.PROPOSED], n[LinkState.CONFIRMED]) for row, n in found)


def last_letter(session: Session, consultation_id: uuid.UUID) -> AmendmentLink | None:
    """The confirmed link that a letter was recorded for last."""
    return session.scalar(
        select(AmendmentLink)
        .where(AmendmentLink.consultation_id == consultation_id, AmendmentLink.letter_number.is_not(None))
        .order_by(AmendmentLink.decided_at.desc())
        .limit(1)
    )


def is_adopted(session: Session, suggestion_id: uuid.UUID) -> bool:
    """Whether the suggestion's disposition, confirmed or told, is that it was adopted, wholly or in part."""
    found = session.get(Disposition, suggestion_id)
    return found is not None and found.state in SETTLED and found.kind in LED_TO_CHANGES


def confirmed_texts(
    session: Session, consultation_id: uuid.UUID, *, public_only: bool = False
) -> dict[uuid.UUID, tuple[str, ...]]:
    """Suggestion → the final clauses' wording of each link that the drafting department confirmed, best first.

    Of suggestions that are adopted, wholly or in part, as their outcome stands now; REMOVED for a clause that went.
    With `public_only` nothing unless the public may see what changed: whoever writes for the public asks so.
    """
    basis = basis_of(session, consultation_id)
    if basis is None or (public_only and not basis.public):
        return {}
    texts: dict[uuid.UUID, tuple[str, ...]] = {}
    for suggestion_id, text in _confirmed(session, consultation_id, basis.comparison_id):
        texts[suggestion_id] = (*texts.get(suggestion_id, ()), text or REMOVED)
    return texts


def _confirmed(
    session: Session, consultation_id: uuid.UUID, comparison_id: uuid.UUID
) -> Sequence[tuple[uuid.UUID, str]]:
    query = (
        select(AmendmentLink.suggestion_id, AmendmentLink.text)
        .join(Disposition, Disposition.suggestion_id == AmendmentLink.suggestion_id)
        .where(
            AmendmentLink.consultation_id == consultation_id,
            AmendmentLink.comparison_id == comparison_id,
            AmendmentLink.state == LinkState.CONFIRMED,
            Disposition.kind.in_(LED_TO_CHANGES),
        )
        .order_by(AmendmentLink.score.desc(), AmendmentLink.id)
    )
    return session.execute(query).all()


def _has_final_text() -> ColumnElement[bool]:
    ours, theirs = aliased(DocumentVersion), aliased(DocumentVersion)
    return exists().where(
        ours.id == Consultation.version_id,
        theirs.document_id == ours.document_id,
        theirs.role == VersionRole.FINAL,
    )


def _with_final_text(consultation_id: uuid.UUID) -> Select[StoredComparison]:
    document = (
        select(DocumentVersion.document_id)
        .join(Consultation, Consultation.version_id == DocumentVersion.id)
        .where(Consultation.id == consultation_id)
    )
    return (
        select(StoredComparison)
        .join(DocumentVersion, DocumentVersion.id == StoredComparison.final_version_id)
        .where(
            DocumentVersion.document_id == document.scalar_subquery(),
            DocumentVersion.role == VersionRole.FINAL,
            StoredComparison.made_at.is_not(None),
        )
        .order_by(StoredComparison.asked_at.desc(), DocumentVersion.number.desc())
        .limit(1)
    )
