import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.consultations.models import Consultation
from app.counters import ledger as counters
from app.departments.models import Department
from app.dispositions.actions import COUNTED
from app.dispositions.lifecycle import DispositionState
from app.dispositions.models import Answer, AnswerVersion, Disposition, OutcomeRelease, ReleasedOutcome
from app.documents.models import Clause
from app.kit.errors import NotFound
from app.kit.paging import Key, Page, page_of
from app.screening.models import Suggestion

Rows = Select[Disposition, Suggestion, str, str, str, str]


@dataclass(frozen=True)
class Told:
    """What stands on the receipts about a suggestion, with its department's name.

    `before` is what was told the time before, where it was told more than once.
    """

    outcome: ReleasedOutcome
    department: str
    before: ReleasedOutcome | None


@dataclass(frozen=True)
class Decided:
    """A disposition wherever it stands, with its department's name; for staff alone."""

    disposition: Disposition
    department: str


@dataclass(frozen=True)
class Listed:
    """A disposition in a list of staff. `clause` is the clause's label, None for a general opinion."""

    disposition: Disposition
    suggestion: Suggestion
    clause: str | None
    department: str
    consultation: str
    slug: str

    @property
    def key(self) -> Key:
        return Key(self.disposition.decided_at, self.disposition.suggestion_id)


def told(session: Session, suggestion_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Told]:
    """Suggestion id → what was released of it last, for those of which anything was."""
    earlier = aliased(ReleasedOutcome)
    rows = session.execute(
        select(ReleasedOutcome, Department.name, earlier)
        .join(
            Disposition,
            and_(
                Disposition.suggestion_id == ReleasedOutcome.suggestion_id,
                Disposition.released_number == ReleasedOutcome.number,
            ),
        )
        .join(Department, Department.id == ReleasedOutcome.department_id)
        .outerjoin(
            earlier,
            and_(earlier.suggestion_id == ReleasedOutcome.suggestion_id, earlier.number == ReleasedOutcome.number - 1),
        )
        .where(ReleasedOutcome.suggestion_id.in_(set(suggestion_ids)))
    )
    return {outcome.suggestion_id: Told(outcome, name, before) for outcome, name, before in rows}


def of_suggestions(session: Session, suggestion_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Decided]:
    """Suggestion id → its disposition, for those that have one, be it told or not."""
    rows = session.execute(
        select(Disposition, Department.name)
        .join(Department, Department.id == Disposition.department_id)
        .where(Disposition.suggestion_id.in_(set(suggestion_ids)))
    )
    return {disposition.suggestion_id: Decided(disposition, name) for disposition, name in rows}


def answers(session: Session, assignment_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Answer]:
    """Assignment id → the department's answer as it stands, drafts too."""
    rows = session.scalars(select(Answer).where(Answer.assignment_id.in_(set(assignment_ids))))
    return {row.assignment_id: row for row in rows}


def versions(session: Session, assignment_id: uuid.UUID) -> Sequence[AnswerVersion]:
    """Everything that the department ever answered to it, the first one first."""
    return session.scalars(
        select(AnswerVersion).where(AnswerVersion.assignment_id == assignment_id).order_by(AnswerVersion.number)
    ).all()


def releases_told(session: Session, suggestion_id: uuid.UUID) -> Sequence[ReleasedOutcome]:
    """Everything that was ever told about it, the first one first."""
    return session.scalars(
        select(ReleasedOutcome).where(ReleasedOutcome.suggestion_id == suggestion_id).order_by(ReleasedOutcome.number)
    ).all()


def in_state(
    session: Session, consultation_id: uuid.UUID, state: DispositionState, after: Key | None, limit: int
) -> Page[Listed]:
    """The consultation's dispositions in one state, in the order in which they were answered."""
    query = _listed().where(Disposition.consultation_id == consultation_id, Disposition.state == state)
    return _page(session, query, after, limit)


def to_confirm(session: Session, drafting_department_id: str, after: Key | None, limit: int) -> Page[Listed]:
    """What waits for one drafting department's word, over all that it drafts, in the order of answering."""
    drafted = select(Consultation.id).where(Consultation.drafting_department_id == drafting_department_id)
    query = _listed().where(Disposition.consultation_id.in_(drafted), Disposition.state == DispositionState.ANSWERED)
    return _page(session, query, after, limit)


def in_release(session: Session, release: OutcomeRelease, after: Key | None, limit: int) -> Page[Listed]:
    """What lies in a release or was told by it, in the order of answering."""
    return _page(session, _listed().where(Disposition.release_id == release.id), after, limit)


def release(session: Session, release_id: uuid.UUID) -> OutcomeRelease:
    """Raises NotFound."""
    found = session.get(OutcomeRelease, release_id)
    if found is None:
        raise NotFound("no_such_release")
    return found


def releases(session: Session, consultation_id: uuid.UUID, limit: int) -> Sequence[OutcomeRelease]:
    """The consultation's releases, the newest first."""
    return session.scalars(
        select(OutcomeRelease)
        .where(OutcomeRelease.consultation_id == consultation_id)
        .order_by(OutcomeRelease.number.desc())
        .limit(limit)
    ).all()


def suggestions_of_release(
    session: Session, release_id: uuid.UUID, after: uuid.UUID | None, limit: int
) -> Sequence[uuid.UUID]:
    """What a release told about, by id, from the one behind `after` on."""
    query = select(ReleasedOutcome.suggestion_id).where(ReleasedOutcome.release_id == release_id)
    if after is not None:
        query = query.where(ReleasedOutcome.suggestion_id > after)
    return session.scalars(query.order_by(ReleasedOutcome.suggestion_id).limit(limit)).all()


def state_counts(session: Session, consultation_id: uuid.UUID) -> dict[DispositionState, int]:
    """State → how many of the consultation's dispositions; every state is there."""
    return states_of(session, [consultation_id])[consultation_id]


def states_of(session: Session, consultation_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[DispositionState, int]]:
    """The same for several, in one query."""
    found = counters.by_state(session, [counters.Wanted(COUNTED, scope=each.hex) for each in consultation_ids])
    return {
        each: {state: counted.get(state.value, 0) for state in DispositionState}
        for each, counted in zip(consultation_ids, found, strict=True)
    }


def _listed() -> Rows:
    return (
        select(Disposition, Suggestion, Clause.label, Department.name, Consultation.title, Consultation.slug)
        .join(Suggestion, Suggestion.id == Disposition.suggestion_id)
        .join(Department, Department.id == Disposition.department_id)
        .join(Consultation, Consultation.id == Disposition.consultation_id)
        .outerjoin(Clause, Clause.id == Suggestion.clause_id)
    )


def _page(session: Session, query: Rows, after: Key | None, limit: int) -> Page[Listed]:
    if after:
        place = tuple_(Disposition.decided_at, Disposition.suggestion_id)
        query = query.where(place > tuple_(after.at, after.id))
    query = query.order_by(Disposition.decided_at, Disposition.suggestion_id).limit(limit + 1)
    return page_of([Listed(*row) for row in session.execute(query)], limit, lambda row: row.key)
