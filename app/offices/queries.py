import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments.lifecycle import OPEN
from app.assignments.models import Assignment
from app.dispositions.models import Answer
from app.offices.checking import Standing
from app.offices.editions import edition
from app.offices.models import AnswerTemplate, Office
from app.screening.models import Suggestion


def is_two_step(session: Session, department_id: str | None) -> bool:
    """Whether the department's officers only draft; one step where it decided nothing."""
    row = session.get(Office, department_id) if department_id else None
    return row is not None and row.is_two_step


def is_signed(session: Session, department_id: str | None) -> bool:
    """Whether the department wants approver, date and document number in every final answer."""
    row = session.get(Office, department_id) if department_id else None
    return row is not None and row.is_signed


def templates(session: Session, department_id: str) -> Sequence[AnswerTemplate]:
    """Those that are offered, by name."""
    return session.scalars(
        select(AnswerTemplate)
        .where(AnswerTemplate.department_id == department_id, AnswerTemplate.withdrawn_at.is_(None))
        .order_by(AnswerTemplate.name, AnswerTemplate.id)
    ).all()


def standing(session: Session, department_id: str, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """Of these ids the department's own, as they are now."""
    rows = session.execute(
        select(Assignment, Suggestion.text, Answer.number)
        .join(Suggestion, Suggestion.id == Assignment.suggestion_id)
        .outerjoin(Answer, Answer.assignment_id == Assignment.id)
        .where(Assignment.department_id == department_id, Assignment.id.in_(set(ids)))
    )
    return {row.id: Standing(edition(row.role, answers or 0), text, row.state in OPEN) for row, text, answers in rows}
