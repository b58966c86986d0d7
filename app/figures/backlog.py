"""What waits at each stage and since when: counted by the worker, for counting it costs by its number.

A comment waits since its receipt, a suggestion since it was made, an assignment since it was handed over, an answer
since it was given.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, String, delete, func, insert, literal, select
from sqlalchemy.orm import Session

from app.assignments.lifecycle import AssignmentState
from app.assignments.models import Assignment
from app.calendars import queries as calendars
from app.counters import ledger as counters
from app.dispositions.lifecycle import DispositionState
from app.dispositions.models import Disposition
from app.figures.buckets import age_of
from app.figures.measures import Stage
from app.figures.models import BacklogAge
from app.figures.sources import NO_DEPARTMENT, beijing_day_of
from app.screening.lifecycle import SuggestionStage
from app.screening.models import Coverage, Suggestion
from app.submissions.lifecycle import SubmissionState

OF_SUGGESTIONS = {
    SuggestionStage.EDITING: Stage.EDITING,
    SuggestionStage.RETURNED: Stage.RETURNED,
    SuggestionStage.AWAITING_APPROVAL: Stage.AWAITING_APPROVAL,
    SuggestionStage.TO_ASSIGN: Stage.TO_ASSIGN,
    SuggestionStage.SENT_BACK: Stage.SENT_BACK,
}
OF_ASSIGNMENTS = {
    AssignmentState.DELIVERED: Stage.DELIVERED,
    AssignmentState.ACKNOWLEDGED: Stage.ACKNOWLEDGED,
    AssignmentState.IN_PROGRESS: Stage.IN_PROGRESS,
}
OF_DISPOSITIONS = {
    DispositionState.ANSWERED: Stage.TO_CONFIRM,
    DispositionState.CONFIRMED: Stage.TO_RELEASE,
    DispositionState.SUBMITTED: Stage.IN_RELEASE,
}
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Waiting:
    """So many wait at a stage since a day in Beijing; their time ran out with the day before `over`, if it runs."""

    stage: Stage
    consultation_id: uuid.UUID
    department_id: str
    since: date
    over: date | None
    n: int


def standing(session: Session) -> Iterator[Waiting]:
    """Everything that waits. Five queries; all but the first, which reads kept counts, cost by how much that is."""
    received = counters.by_scope(session, "submissions.day", SubmissionState.RECEIVED)
    for (scope, day, _state), n in received.items():
        yield Waiting(Stage.TO_SCREEN, uuid.UUID(scope), "", date.fromisoformat(day), None, n)
    for stages, query in _queries(session):
        for state, consultation_id, department_id, since, over, n in session.execute(query):
            if consultation_id is not None:
                ended = date.fromisoformat(over) if over else None
                yield Waiting(stages[state], consultation_id, department_id, date.fromisoformat(since), ended, n)


def replace(session: Session, today: date, waiting: Sequence[Waiting]) -> None:
    """In place of what was counted before."""
    calendar = calendars.calendar(session)
    counted: dict[tuple[uuid.UUID, Stage, str, int], list[int]] = {}
    for one in waiting:
        age = age_of(calendar.count(one.since, today).working_days)
        n_and_late = counted.setdefault((one.consultation_id, one.stage, one.department_id, age), [0, 0])
        n_and_late[0] += one.n
        n_and_late[1] += one.n if one.over is not None and one.over <= today else 0
    session.execute(delete(BacklogAge))
    names = ("consultation_id", "stage", "department_id", "age")
    rows = [dict(zip(names, cell, strict=True)) | {"n": n, "late": late} for cell, (n, late) in sorted(counted.items())]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        session.execute(insert(BacklogAge), rows[start : start + ROWS_AT_ONCE])


def _queries(session: Session) -> Iterator[tuple[Mapping[Any, Stage], Select[Any]]]:
    """State → stage, and how many there are by state, consultation, department, day and end of their time."""

    def counted(state: Any, consultation: Any, since: Any, department: Any, over: Any) -> Select[Any]:
        cell = (state, consultation, department, beijing_day_of(session, since), over)
        columns = [column.label(f"c{place}") for place, column in enumerate(cell)]
        return select(*columns, func.count()).group_by("c0", "c1", "c2", "c3", "c4")

    of_desk = NO_DEPARTMENT, literal(None, String)
    to_gather = counted(Coverage.is_open, Coverage.consultation_id, Coverage.received_at, *of_desk)
    yield {True: Stage.TO_GATHER}, to_gather.where(Coverage.is_open)
    made = counted(Suggestion.stage, Suggestion.consultation_id, Suggestion.created_at, *of_desk)
    yield OF_SUGGESTIONS, made.where(Suggestion.stage.in_(list(OF_SUGGESTIONS)))
    over = beijing_day_of(session, Assignment.runs_out_at)
    held = Assignment.assigned_at, Assignment.department_id, over
    handed_over = counted(Assignment.state, Assignment.consultation_id, *held)
    yield OF_ASSIGNMENTS, handed_over.where(Assignment.state.in_(list(OF_ASSIGNMENTS)))
    answered = counted(Disposition.state, Disposition.consultation_id, Disposition.decided_at, *of_desk)
    yield OF_DISPOSITIONS, answered.where(Disposition.state.in_(list(OF_DISPOSITIONS)))
