"""Answering as an office does: anybody drafts, and where the department wants two steps only its head makes final."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.assignments import actions as assignments
from app.assignments.models import Assignment
from app.dispositions import actions as dispositions
from app.kit.errors import Conflict, Forbidden
from app.offices import queries
from app.offices.checking import Said
from app.permissions import Actor, Permission, require


def answer(
    session: Session,
    actor: Actor,
    at: datetime,
    assignment_id: uuid.UUID,
    said: Said,
    draft: bool,
    revision: int | None = None,
) -> Assignment:
    """As `dispositions.actions.answer`; besides, Forbidden for a final answer of who may only draft in this department,
    and Conflict (`changed_meanwhile`) where the assignment is not as of `revision` any more.
    """
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = assignments.own(session, actor, assignment_id)
    if revision is not None and assignment.revision != revision:
        raise Conflict("changed_meanwhile")
    if not draft and not may_finalise(session, actor):
        raise Forbidden(permission=Permission.FINALISE_OWN_ANSWERS.value)
    return dispositions.answer(
        session,
        actor,
        at,
        assignment_id,
        said.kind,
        said.reason,
        draft,
        approver=said.approver,
        dated_on=said.dated_on,
        document_number=said.document_number,
        citizen_words=said.citizen_words,
    )


def may_finalise(session: Session, actor: Actor) -> bool:
    """Whether a final answer of the actor's counts: always the head's, an officer's where one step is enough."""
    if actor.may(Permission.FINALISE_OWN_ANSWERS):
        return True
    return actor.may(Permission.ANSWER_OWN_ASSIGNMENTS) and not queries.is_two_step(session, actor.department_id)
