import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from app.assignments.lifecycle import ACTIVE, AssignmentRole, AssignmentState
from app.assignments.models import Assignment
from app.consultations.models import Consultation
from app.departments.models import Department
from app.documents.models import Clause
from app.kit.errors import NotFound
from app.kit.paging import Key, Page, page_of
from app.screening.models import Suggestion


@dataclass(frozen=True)
class Held:
    """One assignment as its department sees it. `clause` is None for a general opinion."""

    assignment: Assignment
    suggestion: Suggestion
    consultation: Consultation
    clause: Clause | None

    @property
    def key(self) -> Key:
        return Key(self.assignment.assigned_at, self.assignment.id)


@dataclass(frozen=True)
class HandedOver:
    """One assignment as the desk sees it."""

    assignment: Assignment
    department: str


def _held() -> Select[Assignment, Suggestion, Consultation, Clause]:
    return (
        select(Assignment, Suggestion, Consultation, Clause)
        .join(Suggestion, Suggestion.id == Assignment.suggestion_id)
        .join(Consultation, Consultation.id == Suggestion.consultation_id)
        .outerjoin(Clause, Clause.id == Suggestion.clause_id)
    )


def inbox(
    session: Session, department_id: str, state: AssignmentState | None, after: Key | None, limit: int
) -> Page[Held]:
    """A department's assignments, in the order in which they were handed over."""
    query = _held().where(Assignment.department_id == department_id)
    if state is not None:
        query = query.where(Assignment.state == state)
    if after:
        query = query.where(tuple_(Assignment.assigned_at, Assignment.id) > tuple_(after.at, after.id))
    query = query.order_by(Assignment.assigned_at, Assignment.id).limit(limit + 1)
    rows = [Held(*row) for row in session.execute(query)]
    return page_of(rows, limit, lambda row: row.key)


def one(session: Session, department_id: str, assignment_id: uuid.UUID) -> Held:
    """Raises NotFound for another department's, as if it didn't exist."""
    query = _held().where(Assignment.department_id == department_id, Assignment.id == assignment_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound("no_such_assignment")
    return Held(*row)


def of_suggestions(session: Session, suggestion_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[HandedOver]]:
    """Suggestion id → its assignments, the lead first, then in order of handing over."""
    found: dict[uuid.UUID, list[HandedOver]] = {suggestion_id: [] for suggestion_id in suggestion_ids}
    rows = session.execute(
        select(Assignment, Department.name)
        .join(Department, Department.id == Assignment.department_id)
        .where(Assignment.suggestion_id.in_(suggestion_ids))
        .order_by(Assignment.assigned_at, Assignment.role.desc(), Department.position)
    )
    for assignment, name in rows:
        found[assignment.suggestion_id].append(HandedOver(assignment, name))
    return found


def without_lead(
    session: Session, consultation_id: uuid.UUID | None, after: Key | None, limit: int
) -> Page[Suggestion]:
    """Suggestions whose lead sent them back and that nobody leads now, oldest first."""
    query = _without_lead(select(Suggestion), consultation_id)
    if after:
        query = query.where(tuple_(Suggestion.created_at, Suggestion.id) > tuple_(after.at, after.id))
    rows = session.scalars(query.order_by(Suggestion.created_at, Suggestion.id).limit(limit + 1)).all()
    return page_of(rows, limit, lambda row: Key(row.created_at, row.id))


def count_without_lead(session: Session, consultation_id: uuid.UUID | None) -> int:
    query = _without_lead(select(func.count()).select_from(Suggestion), consultation_id)
    return session.scalar(query) or 0


def _without_lead(query: Select[Any], consultation_id: uuid.UUID | None) -> Select[Any]:
    led = select(Assignment.suggestion_id).where(Assignment.role == AssignmentRole.LEAD, Assignment.state.in_(ACTIVE))
    query = query.where(Suggestion.handed_over_at.is_not(None), Suggestion.id.not_in(led))
    if consultation_id is not None:
        query = query.where(Suggestion.consultation_id == consultation_id)
    return query
