"""Telling departments' programs that what they answered was released."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments import moving
from app.assignments.lifecycle import AssignmentState
from app.assignments.models import Assignment
from app.dispositions.models import Disposition

TOLD = (AssignmentState.ANSWERED, AssignmentState.CONFIRMED)


def tell_departments(session: Session, at: datetime, suggestion_ids: Sequence[uuid.UUID]) -> None:
    """One event for each department that has its answer in; `number` counts how often the outcome was released."""
    rows = session.execute(
        select(Assignment, Disposition.kind, Disposition.released_number)
        .join(Disposition, Disposition.suggestion_id == Assignment.suggestion_id)
        .where(Assignment.suggestion_id.in_(suggestion_ids), Assignment.state.in_(TOLD))
        .order_by(Assignment.id)
    )
    for assignment, kind, number in rows:
        moving.tell(session, at, assignment, "disposition.released", disposition=kind.value, number=number)
