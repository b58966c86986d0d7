"""A department's answer, and the disposition that follows from the lead's."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.assignments import actions as assignments
from app.assignments.lifecycle import AssignmentRole
from app.assignments.models import Assignment
from app.dispositions.kinds import DispositionKind, needs_reason
from app.dispositions.models import Answer, Disposition
from app.jobs.ledger import enqueue
from app.kit.errors import Conflict, InvalidTransition, Unprocessable
from app.permissions import Actor, Permission, require

REASON_LIMIT = 5000


def answer(
    session: Session,
    actor: Actor,
    at: datetime,
    assignment_id: uuid.UUID,
    kind: DispositionKind,
    reason: str,
    draft: bool,
) -> Assignment:
    """Keeps the department's answer; a final one closes its assignment, and the lead's decides the suggestion.

    Raises NotFound for another department's assignment, InvalidTransition when it can't be answered any more,
    Unprocessable without a reason where one is due, Conflict when the suggestion has been decided.
    """
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = assignments.own(session, actor, assignment_id)
    if not assignments.may_be_answered(assignment):
        raise InvalidTransition(state=assignment.state.value, event="answer")
    words = _checked(kind, reason, draft)
    _keep(session, assignment, kind, words, draft, actor, at)
    if not draft:
        assignments.close_as_answered(assignment, at)
        if assignment.role is AssignmentRole.LEAD:
            _decide(session, assignment, kind, words, at)
    event = "assignment.answer_drafted" if draft else "assignment.answered"
    audit.record(session, actor, at, event, ("assignment", assignment.id), disposition=kind.value)
    if not draft and assignment.role is AssignmentRole.LEAD:
        enqueue(session, "tell_decision", at, suggestion_id=str(assignment.suggestion_id))
    return assignment


def _checked(kind: DispositionKind, reason: str, draft: bool) -> str:
    words = reason.strip()
    if len(words) > REASON_LIMIT:
        raise Unprocessable("reason_too_long", limit=REASON_LIMIT)
    if not words and needs_reason(kind) and not draft:
        raise Unprocessable("reason_required")
    return words


def _keep(
    session: Session,
    assignment: Assignment,
    kind: DispositionKind,
    reason: str,
    draft: bool,
    actor: Actor,
    at: datetime,
) -> None:
    kept = session.get(Answer, assignment.id) or Answer(assignment_id=assignment.id)
    kept.kind, kept.reason, kept.draft = kind, reason, draft
    kept.answered_by, kept.answered_at = actor.id, at
    session.add(kept)


def _decide(session: Session, assignment: Assignment, kind: DispositionKind, reason: str, at: datetime) -> None:
    if session.get(Disposition, assignment.suggestion_id) is not None:
        raise Conflict("decided_already")
    session.add(
        Disposition(
            suggestion_id=assignment.suggestion_id,
            department_id=assignment.department_id,
            kind=kind,
            reason=reason,
            decided_at=at,
        )
    )
