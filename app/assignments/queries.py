import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from app.assignments.ladder import Step
from app.assignments.lifecycle import ACTIVE, AssignmentRole, AssignmentState
from app.assignments.models import Assignment, AssignmentQuestion, AssignmentReminder, AssignmentTerms, ProgressNote
from app.assignments.working_time import COOPERATING_DAYS, LEAD_DAYS
from app.clarifications.models import Clarification
from app.consultations.models import Consultation
from app.departments.models import Department
from app.documents.models import Clause
from app.kit.clock import end_of_beijing_day
from app.kit.errors import NotFound
from app.kit.paging import Key, Page, page_of
from app.screening.models import Suggestion
from app.walls import confining as walls


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


@dataclass(frozen=True)
class Wanted:
    """Narrows a department's list. `due_before` leaves out what has no day or a stopped clock."""

    state: AssignmentState | None = None
    consultation_id: uuid.UUID | None = None
    due_before: datetime | None = None
    updated_since: datetime | None = None


def _held() -> Select[Assignment, Suggestion, Consultation, Clause]:
    return (
        select(Assignment, Suggestion, Consultation, Clause)
        .join(Suggestion, Suggestion.id == Assignment.suggestion_id)
        .join(Consultation, Consultation.id == Suggestion.consultation_id)
        .outerjoin(Clause, Clause.id == Suggestion.clause_id)
    )


def inbox(
    session: Session,
    department_id: str,
    state: AssignmentState | None,
    after: Key | None,
    limit: int,
    wanted: Wanted | None = None,
) -> Page[Held]:
    """A department's assignments, in the order in which they were handed over."""
    query = _held().where(Assignment.department_id == department_id)
    if state is not None:
        query = query.where(Assignment.state == state)
    query = query.where(*_narrowing(wanted or Wanted()))
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


def any_departments(session: Session, assignment_id: uuid.UUID) -> Held:
    """One assignment for the desk, whoever has it. Raises NotFound."""
    row = session.execute(_held().where(Assignment.id == assignment_id)).one_or_none()
    if row is None:
        raise NotFound("no_such_assignment")
    return Held(*row)


def of_suggestions(session: Session, suggestion_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[HandedOver]]:
    """Suggestion id → its assignments, the lead first, then in order of handing over.

    Where a department asks, all of what it has or had itself; of other suggestions none.
    """
    walls.reach(session, suggestion_ids)
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


def reminders(session: Session, assignment_id: uuid.UUID) -> Sequence[AssignmentReminder]:
    """What the department was reminded of, oldest first."""
    sent = select(AssignmentReminder).where(AssignmentReminder.assignment_id == assignment_id)
    return session.scalars(sent.order_by(AssignmentReminder.sent_at, AssignmentReminder.id)).all()


def reminded_by_hand(session: Session, assignment_id: uuid.UUID, day: date) -> bool:
    """Whether a person reminded the department on that day in China."""
    end = end_of_beijing_day(day)
    found = select(AssignmentReminder.id).where(
        AssignmentReminder.assignment_id == assignment_id,
        AssignmentReminder.step == Step.BY_HAND,
        AssignmentReminder.sent_at >= end - timedelta(days=1),
        AssignmentReminder.sent_at < end,
    )
    return session.scalar(found.limit(1)) is not None


def progress_notes(session: Session, assignment_id: uuid.UUID) -> Sequence[ProgressNote]:
    """Oldest first."""
    notes = select(ProgressNote).where(ProgressNote.assignment_id == assignment_id)
    return session.scalars(notes.order_by(ProgressNote.written_at, ProgressNote.id)).all()


def questions(session: Session, assignment_id: uuid.UUID) -> Sequence[Clarification]:
    """What the department asked a sender about it, with the answers, oldest first."""
    asked = (
        select(Clarification)
        .join(AssignmentQuestion, AssignmentQuestion.clarification_id == Clarification.id)
        .where(AssignmentQuestion.assignment_id == assignment_id)
    )
    return session.scalars(asked.order_by(Clarification.asked_at, Clarification.id)).all()


def terms(session: Session, consultation_id: uuid.UUID) -> tuple[int, int]:
    """Working days of the lead and of cooperating departments in the consultation."""
    row = session.get(AssignmentTerms, consultation_id)
    return (row.lead_days, row.cooperating_days) if row else (LEAD_DAYS, COOPERATING_DAYS)


def _narrowing(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.state is not None:
        yield Assignment.state == wanted.state
    if wanted.consultation_id is not None:
        yield Assignment.consultation_id == wanted.consultation_id
    if wanted.due_before is not None:
        yield Assignment.runs_out_at < wanted.due_before
    if wanted.updated_since is not None:
        yield Assignment.changed_at >= wanted.updated_since


def _without_lead(query: Select[Any], consultation_id: uuid.UUID | None) -> Select[Any]:
    led = select(Assignment.suggestion_id).where(Assignment.role == AssignmentRole.LEAD, Assignment.state.in_(ACTIVE))
    query = query.where(Suggestion.handed_over_at.is_not(None), Suggestion.id.not_in(led))
    if consultation_id is not None:
        query = query.where(Suggestion.consultation_id == consultation_id)
    return query
