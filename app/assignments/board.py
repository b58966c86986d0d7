"""The internal board of what departments have: pressing first, by department and stage. For the desk."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Executable, String, cast, func, literal, select, tuple_
from sqlalchemy.orm import Session

from app.assignments.lifecycle import OPEN, AssignmentState
from app.assignments.models import Assignment
from app.assignments.moving import COUNTED
from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation
from app.counters import ledger as counters
from app.departments.models import Department
from app.kit.paging import Key, Page, page_of
from app.screening.models import Suggestion


@dataclass(frozen=True)
class Narrowing:
    """Which assignments a board shows. `within` are the consultations that the reader may see, None for all.

    `state` is one of the open ones; `late` leaves what is not overdue at `now` out.
    """

    now: datetime
    consultation_id: uuid.UUID | None = None
    department_id: str | None = None
    state: AssignmentState | None = None
    late: bool = False
    within: frozenset[uuid.UUID] | None = None


@dataclass(frozen=True)
class Row:
    """One assignment whose time runs, and whose it is."""

    assignment: Assignment
    department: Department
    consultation: Consultation
    text: str


@dataclass(frozen=True)
class Load:
    """What one department has: by stage, and how much of it is late."""

    department_id: str
    by_state: Mapping[AssignmentState, int]
    late: int

    @property
    def open(self) -> int:
        return sum(self.by_state.get(state, 0) for state in OPEN)


def pressing_first(session: Session, narrowing: Narrowing, after: Key | None, limit: int) -> Page[Row]:
    """Assignments whose time runs, the one due first at the head; costs the same on every page."""
    query = (
        select(Assignment, Department, Consultation, Suggestion.text)
        .join(Department, Department.id == Assignment.department_id)
        .join(Consultation, Consultation.id == Assignment.consultation_id)
        .join(Suggestion, Suggestion.id == Assignment.suggestion_id)
        .where(*_conditions(narrowing))
        .order_by(Assignment.runs_out_at, Assignment.id)
        .limit(limit + 1)
    )
    if after:
        query = query.where(tuple_(Assignment.runs_out_at, Assignment.id) > tuple_(after.at, after.id))
    rows = [Row(*row) for row in session.execute(query)]
    return page_of(rows, limit, _key)


def loads(session: Session, narrowing: Narrowing) -> list[Load]:
    """Of every department that has something: by the counts that are kept, and the late ones off an index.

    The department with most late ones first, then with most open ones. The narrowing's state and page don't matter.
    """
    late = _late(session, narrowing)
    by_department: dict[str, dict[AssignmentState, int]] = {}
    for scope in _scopes(narrowing):
        for (department_id, state), n in counters.by_value(session, COUNTED, scope).items():
            found = by_department.setdefault(department_id, {})
            found[AssignmentState(state)] = found.get(AssignmentState(state), 0) + n
    made = [Load(id, states, late.get(id, 0)) for id, states in by_department.items()]
    return sorted(made, key=lambda load: (-load.late, -load.open, load.department_id))


def consultations(session: Session) -> Sequence[tuple[uuid.UUID, str]]:
    """What a board can be narrowed to: id and title of what was opened, the newest first."""
    query = select(Consultation.id, Consultation.title).order_by(Consultation.created_at.desc())
    return [(id, title) for id, title in session.execute(query.where(Consultation.state != ConsultationState.DRAFT))]


def tally(session: Session) -> Executable:
    """Name, scope, value, state and how many there really are, for checking the counts."""
    place: ColumnElement[str] = cast(Assignment.consultation_id, String)
    if session.get_bind().dialect.name == "postgresql":
        place = func.replace(place, "-", "")
    cells = (place.label("scope"), Assignment.department_id, cast(Assignment.state, String).label("state"))
    return select(literal(COUNTED), *cells, func.count()).group_by(*cells)


def _key(row: Row) -> Key:
    return Key(row.assignment.runs_out_at or row.assignment.assigned_at, row.assignment.id)


def _late(session: Session, narrowing: Narrowing) -> dict[str, int]:
    late = select(Assignment.department_id, func.count()).where(
        Assignment.runs_out_at <= narrowing.now, *_places(narrowing)
    )
    return {row[0]: row[1] for row in session.execute(late.group_by(Assignment.department_id))}


def _scopes(narrowing: Narrowing) -> Sequence[str | None]:
    if narrowing.consultation_id is not None:
        return [narrowing.consultation_id.hex]
    if narrowing.within is None:
        return [None]
    return [one.hex for one in sorted(narrowing.within)]


def _conditions(narrowing: Narrowing) -> Iterator[ColumnElement[bool]]:
    yield Assignment.runs_out_at.is_not(None)
    yield from _places(narrowing)
    if narrowing.department_id is not None:
        yield Assignment.department_id == narrowing.department_id
    if narrowing.state is not None:
        yield Assignment.state == narrowing.state
    if narrowing.late:
        yield Assignment.runs_out_at <= narrowing.now


def _places(narrowing: Narrowing) -> Iterator[ColumnElement[bool]]:
    if narrowing.consultation_id is not None:
        yield Assignment.consultation_id == narrowing.consultation_id
    if narrowing.within is not None:
        yield Assignment.consultation_id.in_(narrowing.within)
