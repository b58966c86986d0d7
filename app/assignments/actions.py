"""Handing suggestions over, and what a department does with its own."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.assignments import moving, passing
from app.assignments.closing import close_as_answered, close_as_confirmed, may_be_answered, reopen_as_returned
from app.assignments.lifecycle import ACTIVE, OPEN, AssignmentEvent, AssignmentRole
from app.assignments.models import Assignment, ProgressNote
from app.assignments.moving import Due, Handing
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.permissions import Actor, Permission, require
from app.screening import editing
from app.screening.lifecycle import SuggestionState
from app.screening.models import Suggestion

REASON_LIMIT = 1000
"""Code points."""


def assign(
    session: Session,
    actor: Actor,
    at: datetime,
    suggestion_id: uuid.UUID,
    lead_id: str,
    cooperating_ids: Sequence[str],
    reasons: Mapping[str, str],
    due: Due | None = None,
) -> None:
    """Hands an approved suggestion to its departments; who has it already keeps it, and may now lead.

    `reasons` gives for a department id why it was proposed; `due` is a last day other than the usual one. Raises
    NotFound, Conflict unless the suggestion is approved, when another department leads it or the one that is to lead
    has answered, Unprocessable for a department that can't be assigned.
    """
    require(actor, Permission.ASSIGN)
    suggestion = moving.hold_suggestion(session, suggestion_id)
    held = _held_without_lead(session, suggestion)
    if lead_id in held and not may_be_answered(held[lead_id]):
        raise Conflict("answered_already", department=lead_id)
    roles = dict.fromkeys(cooperating_ids, AssignmentRole.COOPERATING) | {lead_id: AssignmentRole.LEAD}
    for department_id in roles:
        moving.check_assignable(session, department_id)
    for department_id, role in roles.items():
        if department_id not in held:
            why = reasons.get(department_id, "chosen_by_approver")
            moving.deliver(session, at, suggestion, Handing(department_id, role, why, actor.id, due))
    if lead_id in held:
        passing.promote(session, at, held[lead_id], due)
    editing.mark_handed_over(suggestion, at)
    session.flush()
    moving.let_go_on(session, at, suggestion_id)
    audit.record(
        session,
        actor,
        at,
        "suggestion.assigned",
        ("suggestion", suggestion_id),
        within=suggestion.consultation_id,
        lead=lead_id,
        cooperating=sorted(set(cooperating_ids) - {lead_id}),
        due=due.day.isoformat() if due else None,
        reason=due.reason if due else None,
    )


def acknowledge(session: Session, actor: Actor, at: datetime, assignment_id: uuid.UUID) -> Assignment:
    """The department confirms that it has it (签收). Raises NotFound for another's, InvalidTransition."""
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = own(session, actor, assignment_id)
    moving.step(session, at, assignment, AssignmentEvent.ACKNOWLEDGE)
    assignment.acknowledged_at = at
    moving.tell(session, at, assignment, "assignment.acknowledged")
    audit.record(
        session, actor, at, "assignment.acknowledged", ("assignment", assignment.id), within=assignment.consultation_id
    )
    return assignment


def begin(session: Session, actor: Actor, at: datetime, assignment_id: uuid.UUID) -> Assignment:
    """The department is at work on it (办理中), which says that it has it, too. Raises NotFound, InvalidTransition."""
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = own(session, actor, assignment_id)
    moving.step(session, at, assignment, AssignmentEvent.BEGIN)
    assignment.in_progress_at = at
    assignment.acknowledged_at = assignment.acknowledged_at or at
    moving.tell(session, at, assignment, "assignment.in_progress")
    audit.record(
        session, actor, at, "assignment.begun", ("assignment", assignment.id), within=assignment.consultation_id
    )
    return assignment


def note_progress(session: Session, actor: Actor, at: datetime, assignment_id: uuid.UUID, text: str) -> Assignment:
    """The department says how far it is; internal. Raises NotFound, Conflict("not_open"), Unprocessable."""
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = own(session, actor, assignment_id)
    if assignment.state not in OPEN:
        raise Conflict("not_open")
    words = _reason(text, "text_required")
    assignment.changed_at = at
    session.add(ProgressNote(assignment_id=assignment.id, text=words, written_by=actor.id, written_at=at))
    moving.tell(session, at, assignment, "assignment.progress_noted")
    audit.record(
        session,
        actor,
        at,
        "assignment.progress_noted",
        ("assignment", assignment.id),
        within=assignment.consultation_id,
    )
    return assignment


def send_back(
    session: Session,
    actor: Actor,
    at: datetime,
    assignment_id: uuid.UUID,
    reason: str,
    suggested_department_id: str | None,
) -> Assignment:
    """The department says that it isn't the one (退回), why, and perhaps who is; the approver assigns anew.

    Raises NotFound for another's, InvalidTransition, Unprocessable without a reason or for a department that can't be
    assigned or is the one that sends back.
    """
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = own(session, actor, assignment_id)
    moving.step(session, at, assignment, AssignmentEvent.SEND_BACK)
    words = _reason(reason, "reason_required")
    if suggested_department_id is not None:
        moving.check_assignable(session, suggested_department_id)
        if suggested_department_id == assignment.department_id:
            raise Unprocessable("suggests_itself")
    assignment.send_back_reason = words
    assignment.suggested_department_id = suggested_department_id
    session.flush()
    passing.without_lead(session, at, assignment)
    moving.tell(session, at, assignment, "assignment.sent_back", suggested_department=suggested_department_id)
    audit.record(
        session,
        actor,
        at,
        "assignment.sent_back",
        ("assignment", assignment.id),
        within=assignment.consultation_id,
        reason=words,
        suggested_department=suggested_department_id,
    )
    return assignment


def transfer(
    session: Session, actor: Actor, at: datetime, assignment_id: uuid.UUID, to_department_id: str, reason: str
) -> Assignment:
    """The department passes it on to another (转办), which gets an assignment of its own in the same role; that one.

    Refused where that department had the suggestion before, or it was passed on too often: then it is to be sent back,
    so that the approver decides. Raises NotFound, InvalidTransition, Unprocessable without a reason or for a department
    that can't be assigned, Conflict("had_it_before"), Conflict("passed_on_too_often"), Conflict("has_it_already").
    """
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = own(session, actor, assignment_id)
    moving.step(session, at, assignment, AssignmentEvent.TRANSFER)
    words = _reason(reason, "reason_required")
    passing.check(session, assignment, to_department_id)
    assignment.transferred_to, assignment.transfer_reason = to_department_id, words
    session.flush()
    received = passing.hand_on(session, at, assignment, to_department_id, actor.id)
    moving.tell(session, at, assignment, "assignment.transferred", to=to_department_id)
    audit.record(
        session,
        actor,
        at,
        "assignment.transferred",
        ("assignment", assignment.id),
        within=assignment.consultation_id,
        reason=words,
        to=to_department_id,
    )
    return received


def own(session: Session, actor: Actor, assignment_id: uuid.UUID) -> Assignment:
    """The actor's department's assignment, held until the transaction ends: its answer is a row of its own.

    Raises NotFound for any other, as if it didn't exist.
    """
    found = session.get(Assignment, assignment_id)
    if found is None or actor.department_id is None or found.department_id != actor.department_id:
        raise NotFound("no_such_assignment")
    return moving.hold(session, assignment_id)


def _held_without_lead(session: Session, suggestion: Suggestion) -> dict[str, Assignment]:
    """Who has it and may be given the lead."""
    if suggestion.state is not SuggestionState.APPROVED:
        raise Conflict("not_approved")
    held = [row for row in moving.of_suggestion(session, suggestion.id) if row.state in ACTIVE]
    if any(row.role is AssignmentRole.LEAD for row in held):
        raise Conflict("has_lead_already")
    return {row.department_id: row for row in held}


def _reason(words: str, missing: str) -> str:
    given = words.strip()
    if not given:
        raise Unprocessable(missing)
    if len(given) > REASON_LIMIT:
        raise Unprocessable("reason_too_long", limit=REASON_LIMIT)
    return given


__all__ = [
    "REASON_LIMIT",
    "Due",
    "acknowledge",
    "assign",
    "begin",
    "close_as_answered",
    "close_as_confirmed",
    "may_be_answered",
    "note_progress",
    "own",
    "reopen_as_returned",
    "send_back",
    "transfer",
]
