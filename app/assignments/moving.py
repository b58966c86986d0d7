"""One step of an assignment as every verb takes it: held, by the life cycle, counted, with its clock, told.

Whoever works on an assignment holds its suggestion first and the assignment then, so that two verbs about the same
suggestion wait for each other and never deadlock.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments import clocks, working_time
from app.assignments.lifecycle import ACTIVE, LIFECYCLE, OPEN, AssignmentEvent, AssignmentRole, AssignmentState
from app.assignments.models import Assignment, AssignmentTerms
from app.counters import ledger as counters
from app.departments.models import Department
from app.events import ledger as events
from app.kit.clock import end_of_beijing_day
from app.kit.errors import NotFound, Unprocessable
from app.kit.identifiers import new_id
from app.screening.models import Suggestion
from app.walls import confining as walls

COUNTED = "assignments"
"""Of `app/counters`: by consultation, department and state."""
ENDS = frozenset({AssignmentState.SENT_BACK, AssignmentState.TRANSFERRED, AssignmentState.RECALLED})


@dataclass(frozen=True)
class Due:
    """A last day that the approver chose instead of the usual one, and why."""

    day: date
    reason: str


@dataclass(frozen=True)
class Handing:
    """How one department gets a suggestion. `by` is who hands it over, `came_from_id` what it was passed on from."""

    department_id: str
    role: AssignmentRole
    why: str
    by: str
    due: Due | None = None
    came_from_id: uuid.UUID | None = None


def hold_suggestion(session: Session, suggestion_id: uuid.UUID) -> Suggestion:
    """The suggestion, and with it all its assignments, until the transaction ends. Raises NotFound.

    A department reaches from then on what others have of it: a step of one may stop or move on another's.
    """
    walls.reach(session, [suggestion_id])
    held = session.get(Suggestion, suggestion_id, with_for_update={"key_share": True}, populate_existing=True)
    if held is None:
        raise NotFound("no_such_suggestion")
    return held


def hold(session: Session, assignment_id: uuid.UUID) -> Assignment:
    """The assignment as it is now, and its suggestion, until the transaction ends. Raises NotFound."""
    suggestion_id = session.scalar(select(Assignment.suggestion_id).where(Assignment.id == assignment_id))
    if suggestion_id is None:
        raise NotFound("no_such_assignment")
    hold_suggestion(session, suggestion_id)
    return session.get_one(Assignment, assignment_id, with_for_update=True, populate_existing=True)


def of_suggestion(session: Session, suggestion_id: uuid.UUID) -> Sequence[Assignment]:
    """All that a suggestion ever had, in the order of handing over."""
    every = select(Assignment).where(Assignment.suggestion_id == suggestion_id)
    return session.scalars(every.order_by(Assignment.assigned_at, Assignment.id)).all()


def check_assignable(session: Session, department_id: str) -> Department:
    """Raises Unprocessable for what no suggestion can be handed to."""
    department = session.get(Department, department_id)
    if department is None or not department.assignable:
        raise Unprocessable("no_such_department", department=department_id)
    return department


def deliver(session: Session, at: datetime, suggestion: Suggestion, handing: Handing) -> Assignment:
    """A department gets the suggestion, with its time. Raises Unprocessable for one that can't be assigned."""
    check_assignable(session, handing.department_id)
    made = Assignment(
        id=new_id(),
        suggestion_id=suggestion.id,
        consultation_id=suggestion.consultation_id,
        department_id=handing.department_id,
        role=handing.role,
        state=AssignmentState.DELIVERED,
        why=handing.why,
        assigned_by=handing.by,
        assigned_at=at,
        changed_at=at,
        came_from_id=handing.came_from_id,
        escalation=0,
        seconds_stopped=0,
    )
    give_time(session, at, made, handing.due)
    session.add(made)
    session.flush()
    _count(session, made, made.state, 1)
    tell(session, at, made, "assignment.delivered", due_at=_instant(made.due_at))
    return made


def give_time(session: Session, at: datetime, assignment: Assignment, due: Due | None) -> None:
    """The time of its role in its consultation, or the chosen one."""
    pace = clocks.pace_of(session, assignment.department_id)
    if due is not None:
        assignment.due_reason = due.reason
        clocks.set_due(assignment, pace, end_of_beijing_day(due.day), at)
        return
    days = _days(session, assignment)
    clocks.set_due(assignment, pace, working_time.due_after(pace.calendar, at, days), at)


def step(session: Session, at: datetime, assignment: Assignment, event: AssignmentEvent) -> None:
    """The state that follows, in the counts too. Raises InvalidTransition."""
    following = LIFECYCLE.after(assignment.state, event)
    _count(session, assignment, assignment.state, -1)
    _count(session, assignment, following, 1)
    assignment.state, assignment.changed_at = following, at
    if following in ENDS:
        assignment.closed_at = at
        clocks.end(assignment, at)


def tell(session: Session, at: datetime, assignment: Assignment, kind: str, **detail: str | int | None) -> None:
    """What happened, for the department's programs: ids and codes only."""
    events.emit(
        session,
        at,
        assignment.department_id,
        kind,
        ("assignment", assignment.id),
        suggestion=str(assignment.suggestion_id),
        state=assignment.state.value,
        role=assignment.role.value,
        **detail,
    )


def stop_cooperating(session: Session, at: datetime, suggestion_id: uuid.UUID) -> None:
    """While nobody leads, nobody is waited for."""
    for row in of_suggestion(session, suggestion_id):
        if row.state in OPEN and row.role is AssignmentRole.COOPERATING:
            clocks.stop(row, at)


def let_go_on(session: Session, at: datetime, suggestion_id: uuid.UUID) -> None:
    """Clocks that nothing keeps any more go on: there is a lead, and no question to the sender is open."""
    rows = of_suggestion(session, suggestion_id)
    if not any(row.role is AssignmentRole.LEAD and row.state in ACTIVE for row in rows):
        return
    for row in rows:
        if row.state in OPEN and row.question_id is None:
            clocks.go_on(row, clocks.pace_of(session, row.department_id), at)


def _days(session: Session, assignment: Assignment) -> int:
    terms = session.get(AssignmentTerms, assignment.consultation_id)
    if assignment.role is AssignmentRole.LEAD:
        return terms.lead_days if terms else working_time.LEAD_DAYS
    return terms.cooperating_days if terms else working_time.COOPERATING_DAYS


def _count(session: Session, assignment: Assignment, state: AssignmentState, n: int) -> None:
    if assignment.consultation_id is not None:
        place = assignment.consultation_id.hex
        counters.count(session, (COUNTED, place, assignment.department_id, state.value), n)


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
