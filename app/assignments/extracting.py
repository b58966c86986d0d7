"""Assignments of a consultation, for a file of them: by key, so that each page costs alike."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.assignments.lifecycle import AssignmentState
from app.assignments.models import Assignment
from app.departments.models import Department
from app.documents.models import Clause
from app.screening.models import Suggestion


@dataclass(frozen=True)
class Extract:
    """Which assignments: made by `by`, at `since` or later and before `until`, in one state or in any."""

    consultation_id: uuid.UUID
    by: datetime
    since: datetime | None = None
    until: datetime | None = None
    state: AssignmentState | None = None


@dataclass(frozen=True)
class Extracted:
    """`clause` is empty for the whole draft."""

    assignment: Assignment
    department: str
    text: str
    theme: str
    clause: str


def count(session: Session, extract: Extract) -> int:
    query = select(func.count(Assignment.id)).join(Suggestion, Suggestion.id == Assignment.suggestion_id)
    return session.scalar(query.where(*_of(extract))) or 0


def page(session: Session, extract: Extract, after: uuid.UUID | None, limit: int) -> Sequence[Extracted]:
    """Those behind `after`, in the order in which they were made."""
    query = (
        select(Assignment, Department.name, Suggestion.text, Suggestion.theme, Clause.label)
        .join(Suggestion, Suggestion.id == Assignment.suggestion_id)
        .join(Department, Department.id == Assignment.department_id)
        .outerjoin(Clause, Clause.id == Suggestion.clause_id)
        .where(*_of(extract))
    )
    if after is not None:
        query = query.where(Assignment.id > after)
    rows = session.execute(query.order_by(Assignment.id).limit(limit))
    return [Extracted(row[0], row[1], row[2], row[3] or "", row[4] or "") for row in rows]


def _of(extract: Extract) -> Iterator[ColumnElement[bool]]:
    yield Suggestion.consultation_id == extract.consultation_id
    yield Assignment.assigned_at <= extract.by
    if extract.state is not None:
        yield Assignment.state == extract.state
    if extract.since is not None:
        yield Assignment.assigned_at >= extract.since
    if extract.until is not None:
        yield Assignment.assigned_at < extract.until
