"""Links as pages and programs list them: for staff with all that decides, for the public only what may be shown."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from app.amendments.lifecycle import LinkState
from app.amendments.models import AmendmentLink
from app.amendments.queries import LED_TO_CHANGES, SETTLED, Basis, basis_of
from app.consultations.models import Consultation
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Disposition, ReleasedOutcome
from app.documents.models import Clause
from app.kit.paging import EPOCH, Key, Page, page_of
from app.publication.models import PublishedSuggestion
from app.screening.models import Suggestion

SHOWN_AT_A_CLAUSE = 20
"""So many suggestions' words stand at one clause of a public page; the number tells of all."""
_ORDER = case(
    {state: place for place, state in enumerate((LinkState.PROPOSED, LinkState.CONFIRMED, LinkState.REFUSED))},
    value=AmendmentLink.state,
    else_=3,
)


@dataclass(frozen=True)
class Listed:
    """A link with its suggestion. `clause` is the label of the suggestion's clause, None for a general one."""

    link: AmendmentLink
    text: str
    kind: DispositionKind
    clause: str | None


@dataclass(frozen=True)
class Candidate:
    """An adopted suggestion that could be linked by hand."""

    suggestion_id: uuid.UUID
    text: str
    kind: DispositionKind
    clause: str | None


@dataclass(frozen=True)
class PublicWords:
    """A suggestion at a clause, in the words that the public may read, and what the department says of it."""

    text: str
    remark: str


@dataclass(frozen=True)
class PublicChange:
    """How many released suggestions a clause was changed for; `words` are at most SHOWN_AT_A_CLAUSE of theirs, without
    those whose publication was taken back."""

    n: int
    words: tuple[PublicWords, ...]


def of_change(session: Session, consultation_id: uuid.UUID, basis: Basis, change: str, limit: int) -> Sequence[Listed]:
    """The links of one change: undecided ones first, then by score. Those withdrawn are left out."""
    query = (
        _listed()
        .where(
            AmendmentLink.consultation_id == consultation_id,
            AmendmentLink.comparison_id == basis.comparison_id,
            AmendmentLink.change == change,
            AmendmentLink.state != LinkState.WITHDRAWN,
        )
        .order_by(_ORDER, AmendmentLink.score.desc(), AmendmentLink.id)
        .limit(limit)
    )
    return [Listed(*row) for row in session.execute(query)]


def for_department(
    session: Session, department_id: str, consultation_id: uuid.UUID, state: LinkState, after: Key | None, limit: int
) -> Page[Listed]:
    """Links of one state in a consultation that the department drafts, by id; none where it doesn't draft it."""
    drafted = select(Consultation.id).where(
        Consultation.id == consultation_id, Consultation.drafting_department_id == department_id
    )
    basis = basis_of(session, consultation_id)
    if basis is None or session.scalar(drafted) is None:
        return Page([], None)
    query = _listed().where(
        AmendmentLink.consultation_id == consultation_id,
        AmendmentLink.comparison_id == basis.comparison_id,
        AmendmentLink.state == state,
    )
    if after is not None:
        query = query.where(AmendmentLink.id > after.id)
    rows = session.execute(query.order_by(AmendmentLink.id).limit(limit + 1))
    return page_of([Listed(*row) for row in rows], limit, lambda row: Key(EPOCH, row.link.id))


def candidates(
    session: Session, consultation_id: uuid.UUID, basis: Basis, change: str, clause: str, limit: int
) -> Sequence[Candidate]:
    """Adopted suggestions on the clause of that label or number, "" for general ones, not linked to the change yet."""
    linked = select(AmendmentLink.suggestion_id).where(
        AmendmentLink.comparison_id == basis.comparison_id, AmendmentLink.change == change
    )
    sought = clause.strip()
    on_clause = Clause.label.in_((sought,)) | (Clause.number == sought) if sought else Suggestion.clause_id.is_(None)
    query = (
        select(Suggestion.id, Suggestion.text, Disposition.kind, Clause.label)
        .join(Disposition, Disposition.suggestion_id == Suggestion.id)
        .outerjoin(Clause, Clause.id == Suggestion.clause_id)
        .where(
            Disposition.consultation_id == consultation_id,
            Disposition.state.in_(SETTLED),
            Disposition.kind.in_(LED_TO_CHANGES),
            on_clause,
            Suggestion.id.not_in(linked),
        )
        .order_by(Suggestion.id)
        .limit(limit)
    )
    return [Candidate(*row) for row in session.execute(query)]


def public_changes(session: Session, consultation_id: uuid.UUID) -> dict[str, PublicChange]:
    """Change → what the public may know of its suggestions; empty unless the comparison's release stands.

    Only confirmed links, and only of suggestions of which it was told that they were adopted, wholly or in part.
    """
    basis = basis_of(session, consultation_id)
    if basis is None or not basis.public:
        return {}
    told = _told(consultation_id, basis.comparison_id)
    numbers = told.with_only_columns(AmendmentLink.change, func.count()).group_by(AmendmentLink.change)
    counted = {change: int(n) for change, n in session.execute(numbers)}
    words: dict[str, list[PublicWords]] = {change: [] for change in counted}
    for change, text, remark in session.execute(_words(told)):
        words[change].append(PublicWords(text, remark))
    return {change: PublicChange(n, tuple(words[change])) for change, n in counted.items()}


def _told(consultation_id: uuid.UUID, comparison_id: uuid.UUID) -> Select[AmendmentLink]:
    last = and_(
        ReleasedOutcome.suggestion_id == Disposition.suggestion_id,
        ReleasedOutcome.number == Disposition.released_number,
    )
    return (
        select(AmendmentLink)
        .join(Disposition, Disposition.suggestion_id == AmendmentLink.suggestion_id)
        .join(ReleasedOutcome, last)
        .where(
            AmendmentLink.consultation_id == consultation_id,
            AmendmentLink.comparison_id == comparison_id,
            AmendmentLink.state == LinkState.CONFIRMED,
            ReleasedOutcome.kind.in_(LED_TO_CHANGES),
        )
    )


def _words(told: Select[AmendmentLink]) -> Select[str, str, str]:
    place = func.row_number().over(
        partition_by=AmendmentLink.change, order_by=(AmendmentLink.score.desc(), AmendmentLink.id)
    )
    shown = (
        told.outerjoin(PublishedSuggestion, PublishedSuggestion.suggestion_id == AmendmentLink.suggestion_id)
        .where(PublishedSuggestion.retracted_at.is_(None))
        .with_only_columns(AmendmentLink.change, AmendmentLink.shown, AmendmentLink.remark, place.label("place"))
        .subquery()
    )
    return (
        select(shown.c.change, shown.c.shown, shown.c.remark)
        .where(shown.c.place <= SHOWN_AT_A_CLAUSE)
        .order_by(shown.c.change, shown.c.place)
    )


def _listed() -> Select[AmendmentLink, str, DispositionKind, str]:
    return (
        select(AmendmentLink, Suggestion.text, Disposition.kind, Clause.label)
        .join(Suggestion, Suggestion.id == AmendmentLink.suggestion_id)
        .join(Disposition, Disposition.suggestion_id == AmendmentLink.suggestion_id)
        .outerjoin(Clause, Clause.id == Suggestion.clause_id)
    )
