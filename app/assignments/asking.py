"""A department asks a sender what was meant; the relay hides each from the other, and the clock stands still."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import audit
from app.assignments import actions, clocks, moving
from app.assignments.lifecycle import OPEN
from app.assignments.models import Assignment, AssignmentQuestion
from app.clarifications import asking as relay
from app.clarifications import queries as clarifications
from app.clarifications.asking import ANSWERABLE, Asker
from app.clarifications.lifecycle import AskerKind
from app.clarifications.models import Clarification
from app.kit.errors import Conflict
from app.permissions import Actor, Permission, require
from app.screening import queries as screening
from app.submissions import queries as submissions

ANSWER_WITHIN = timedelta(days=7)
SENDERS_LOOKED_AT = 50


def ask_sender(
    session: Session,
    actor: Actor,
    at: datetime,
    assignment_id: uuid.UUID,
    question: str,
    answer_within: timedelta = ANSWER_WITHIN,
) -> Clarification:
    """Puts one question to one sender of the suggestion; the department's clock stops until it is answered or lapses.

    Asked is the earliest sender to whom a message can go, or else the earliest who can read it at the receipt. Raises
    NotFound, Conflict("not_open"), Conflict("question_open") while one of the department's waits,
    Conflict("nobody_to_ask"), Unprocessable as `clarifications.actions.ask` says.
    """
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = actions.own(session, actor, assignment_id)
    if assignment.state not in OPEN:
        raise Conflict("not_open")
    if assignment.question_id is not None:
        raise Conflict("question_open")
    asker = Asker(AskerKind.DEPARTMENT, assignment.department_id)
    made = relay.put(session, at, _whom(session, assignment), asker, actor.id, question, answer_within)
    session.flush()
    session.add(AssignmentQuestion(clarification_id=made.id, assignment_id=assignment.id))
    assignment.question_id, assignment.changed_at = made.id, at
    clocks.stop(assignment, at)
    moving.tell(session, at, assignment, "clarification.asked", clarification=str(made.id))
    audit.record(
        session,
        actor,
        at,
        "assignment.sender_asked",
        ("assignment", assignment.id),
        within=assignment.consultation_id,
        clarification=str(made.id),
    )
    return made


def _whom(session: Session, assignment: Assignment) -> uuid.UUID:
    possible = list(_who_can_answer(session, assignment.suggestion_id))
    if not possible:
        raise Conflict("nobody_to_ask")
    return next((id for id in possible if _is_reachable(session, id)), possible[0])


def _who_can_answer(session: Session, suggestion_id: uuid.UUID) -> Iterator[uuid.UUID]:
    for id in screening.senders_of(session, suggestion_id, None, SENDERS_LOOKED_AT):
        if submissions.get(session, id).state in ANSWERABLE and clarifications.asked(session, id) is None:
            yield id


def _is_reachable(session: Session, submission_id: uuid.UUID) -> bool:
    sealed = submissions.sealed_identity(session, submission_id)
    return sealed is not None and sealed.email is not None
