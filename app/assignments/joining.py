"""A lead department asks another one for its opinion (增加配合单位), without the approver between them."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.assignments import actions, moving
from app.assignments.lifecycle import ACTIVE, OPEN, AssignmentRole
from app.assignments.models import Assignment
from app.assignments.moving import Handing
from app.kit.errors import Conflict, Unprocessable
from app.kit.reasons import due
from app.permissions import Actor, Permission, require

MOST_COOPERATING = 10
"""That have a suggestion at one time where its lead adds to them; beyond that the approver decides."""


def ask_cooperation(
    session: Session, actor: Actor, at: datetime, assignment_id: uuid.UUID, department_id: str, reason: str
) -> Assignment:
    """One more department has the suggestion, as a cooperating one with its own time; its assignment.

    For whoever leads and has not answered. As when passing on, nobody gets it who had it and gave it up. Raises
    NotFound for another department's, Conflict("only_the_lead"), Conflict("not_open"), Conflict("had_it_before"),
    Conflict("has_it_already"), Conflict("too_many_cooperating"), Unprocessable for a department that can't be assigned
    or without a reason.
    """
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = actions.own(session, actor, assignment_id)
    if assignment.role is not AssignmentRole.LEAD:
        raise Conflict("only_the_lead")
    if assignment.state not in OPEN:
        raise Conflict("not_open")
    words = due(reason)
    _check(session, assignment, department_id)
    suggestion = moving.hold_suggestion(session, assignment.suggestion_id)
    handing = Handing(department_id, AssignmentRole.COOPERATING, "asked_by_lead", actor.id)
    made = moving.deliver(session, at, suggestion, handing)
    assignment.changed_at = at
    moving.tell(session, at, assignment, "assignment.cooperating_added", department=department_id)
    audit.record(
        session,
        actor,
        at,
        "assignment.cooperation_asked",
        ("assignment", assignment.id),
        within=assignment.consultation_id,
        department=department_id,
        reason=words,
    )
    return made


def _check(session: Session, assignment: Assignment, department_id: str) -> None:
    moving.check_assignable(session, department_id)
    if department_id == assignment.department_id:
        raise Unprocessable("suggests_itself")
    every = moving.of_suggestion(session, assignment.suggestion_id)
    theirs = [row for row in every if row.department_id == department_id]
    if any(row.state in ACTIVE for row in theirs):
        raise Conflict("has_it_already", department=department_id)
    if theirs:
        raise Conflict("had_it_before", department=department_id)
    beside = [row for row in every if row.role is AssignmentRole.COOPERATING and row.state in ACTIVE]
    if len(beside) >= MOST_COOPERATING:
        raise Conflict("too_many_cooperating", limit=MOST_COOPERATING)
