"""Assignments of a consultation, for a file of them: by key, so that each page costs alike."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
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
    return session.scalar(_of(select(func.count(Assignment.id)), extract)) or 0


def page(session: Session, extract: Extract, after: uuid.UUID | None, limit: int) -> Sequence[Extracted]:
    """Those behind `after`, in the order in which they were made."""
    query = _of(select(Assignment, Department.name, Suggestion.text, Suggestion.theme, Clause.label), extract)
    query = query.join(Department, Department.id == Assignment.department_id).outerjoin(
        Clause, Clause.id == Suggestion.clause_id
    )
    if after is not None:
        query = query.where(Assignment.id > after)
    rows = session.execute(query.order_by(Assignment.id).limit(limit))
    return [Extracted(row[0], row[1], row[2], row[3] or "", row[4] or "") for row in rows]


def _of(query: Select[Any], extract: Extract) -> Select[Any]:
    query = query.join(Suggestion, Suggestion.id == Assignment.suggestion_id).where(
        Suggestion.consultation_id == extract.consultation_id, Assignment.assigned_at <= extract.by
    )
    if extract.state is not None:
        query = query.where(Assignment.state == extract.state)
    if extract.since is not None:
        query = query.where(Assignment.assigned_at >= extract.since)
    return query if extract.until is None else query.where(Assignment.assigned_at < extract.until)
