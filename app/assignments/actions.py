"""Handing suggestions over, and what a department does with its own."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.assignments.lifecycle import ACTIVE, LIFECYCLE, AssignmentEvent, AssignmentRole
from app.assignments.models import Assignment
from app.departments.models import Department
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.permissions import Actor, Permission, require
from app.screening import editing
from app.screening.lifecycle import SuggestionState

REASON_LIMIT = 1000


def assign(
    session: Session,
    actor: Actor,
    at: datetime,
    suggestion_id: uuid.UUID,
    lead_id: str,
    cooperating_ids: Sequence[str],
    reasons: Mapping[str, str],
) -> None:
    """Hands an approved suggestion to its departments; who has it already keeps it, and may now lead.

    `reasons` gives for a department id why it was proposed. Raises NotFound, Conflict unless the suggestion is
    approved, when another department leads it or the one that is to lead has answered, Unprocessable for a department
    that can't be assigned.
    """
    require(actor, Permission.ASSIGN)
    suggestion = editing.find(session, suggestion_id)
    if suggestion.state is not SuggestionState.APPROVED:
        raise Conflict("not_approved")
    held = session.scalars(
        select(Assignment).where(Assignment.suggestion_id == suggestion_id, Assignment.state.in_(ACTIVE))
    ).all()
    if any(row.role is AssignmentRole.LEAD for row in held):
        raise Conflict("has_lead_already")
    holders = {assignment.department_id: assignment for assignment in held}
    if lead_id in holders:
        if not may_be_answered(holders[lead_id]):
            raise Conflict("answered_already", department=lead_id)
        holders[lead_id].role = AssignmentRole.LEAD
    roles = dict.fromkeys(cooperating_ids, AssignmentRole.COOPERATING) | {lead_id: AssignmentRole.LEAD}
    for department_id, role in roles.items():
        _check_assignable(session, department_id)
        if department_id not in holders:
            session.add(
                Assignment(
                    suggestion_id=suggestion_id,
                    department_id=department_id,
                    role=role,
                    why=reasons.get(department_id, "chosen_by_approver"),
                    assigned_by=actor.id,
                    assigned_at=at,
                )
            )
    editing.mark_handed_over(suggestion, at)
    audit.record(
        session,
        actor,
        at,
        "suggestion.assigned",
        ("suggestion", suggestion_id),
        lead=lead_id,
        cooperating=sorted(set(cooperating_ids) - {lead_id}),
    )


def acknowledge(session: Session, actor: Actor, at: datetime, assignment_id: uuid.UUID) -> Assignment:
    """The department confirms that it has it (签收). Raises NotFound for another's, InvalidTransition."""
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = own(session, actor, assignment_id)
    assignment.state = LIFECYCLE.after(assignment.state, AssignmentEvent.ACKNOWLEDGE)
    assignment.acknowledged_at = at
    audit.record(session, actor, at, "assignment.acknowledged", ("assignment", assignment.id))
    return assignment


def send_back(
    session: Session,
    actor: Actor,
    at: datetime,
    assignment_id: uuid.UUID,
    reason: str,
    suggested_department_id: str | None,
) -> Assignment:
    """The department says that it isn't the one (退回), why, and perhaps who is; the approver assigns anew."""
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = own(session, actor, assignment_id)
    assignment.state = LIFECYCLE.after(assignment.state, AssignmentEvent.SEND_BACK)
    if not reason.strip():
        raise Unprocessable("reason_required")
    if len(reason) > REASON_LIMIT:
        raise Unprocessable("reason_too_long", limit=REASON_LIMIT)
    if suggested_department_id is not None:
        _check_assignable(session, suggested_department_id)
    assignment.send_back_reason = reason.strip()
    assignment.suggested_department_id = suggested_department_id
    assignment.closed_at = at
    audit.record(
        session,
        actor,
        at,
        "assignment.sent_back",
        ("assignment", assignment.id),
        reason=reason.strip(),
        suggested_department=suggested_department_id,
    )
    return assignment


def close_as_answered(assignment: Assignment, at: datetime) -> None:
    """The final answer has been given: called by the area that keeps answers, in its transaction."""
    assignment.state = LIFECYCLE.after(assignment.state, AssignmentEvent.ANSWER)
    assignment.acknowledged_at = assignment.acknowledged_at or at
    assignment.closed_at = at


def own(session: Session, actor: Actor, assignment_id: uuid.UUID) -> Assignment:
    """The actor's department's assignment, held until the transaction ends: its answer is a row of its own.

    Raises NotFound for any other, as if it didn't exist.
    """
    assignment = session.get(Assignment, assignment_id, with_for_update=True)
    if assignment is None or actor.department_id is None or assignment.department_id != actor.department_id:
        raise NotFound("no_such_assignment")
    return assignment


def may_be_answered(assignment: Assignment) -> bool:
    return LIFECYCLE.allows(assignment.state, AssignmentEvent.ANSWER)


def _check_assignable(session: Session, department_id: str) -> None:
    department = session.get(Department, department_id)
    if department is None or not department.assignable:
        raise Unprocessable("no_such_department", department=department_id)
