import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.departments.models import Department
from app.dispositions.models import Answer, Disposition
from app.screening.models import Suggestion


@dataclass(frozen=True)
class Decided:
    """A disposition with its department's name."""

    disposition: Disposition
    department: str


def of_suggestions(session: Session, suggestion_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Decided]:
    """Suggestion id → its disposition, for those that have one."""
    rows = session.execute(
        select(Disposition, Department.name)
        .join(Department, Department.id == Disposition.department_id)
        .where(Disposition.suggestion_id.in_(set(suggestion_ids)))
    )
    return {disposition.suggestion_id: Decided(disposition, name) for disposition, name in rows}


def answers(session: Session, assignment_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Answer]:
    """Assignment id → the department's answer, drafts too."""
    rows = session.scalars(select(Answer).where(Answer.assignment_id.in_(set(assignment_ids))))
    return {row.assignment_id: row for row in rows}


def count_decided(session: Session, consultation_id: uuid.UUID | None) -> int:
    query = select(func.count()).select_from(Disposition)
    if consultation_id is not None:
        query = query.join(Suggestion, Suggestion.id == Disposition.suggestion_id).where(
            Suggestion.consultation_id == consultation_id
        )
    return session.scalar(query) or 0
