"""Deciding on submissions (阅览筛选)."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.documents import examples
from app.documents.examples import Decision
from app.documents.matching.kinds import Kind
from app.jobs.ledger import enqueue
from app.kit.errors import Conflict, Unprocessable
from app.kit.reasons import due, optional
from app.permissions import Actor, Permission, require
from app.screening import proposing
from app.screening.lifecycle import UnsuitableClass
from app.screening.models import ScreeningDecision
from app.submissions import queries as submissions
from app.submissions.lifecycle import LIFECYCLE, ScreeningEvent, SubmissionState
from app.submissions.models import Submission


def accept(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, revision: int) -> None:
    """Takes the submission on (受理). Raises NotFound, InvalidTransition, Conflict when it changed meanwhile."""
    require(actor, Permission.SCREEN)
    submission = _at_revision(session, submission_id, revision)
    submission.state = LIFECYCLE.after(submission.state, ScreeningEvent.ACCEPT)
    session.add(_decision(submission, actor, at, ScreeningEvent.ACCEPT))
    audit.record(session, actor, at, "submission.accepted", ("submission", submission.id))


def close_as_out_of_scope(
    session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, revision: int, reason: str
) -> None:
    """Ends it as unrelated to the column's drafts; the reason is told to the sender and says where to go instead."""
    require(actor, Permission.SCREEN)
    submission = _at_revision(session, submission_id, revision)
    submission.state = LIFECYCLE.after(submission.state, ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE)
    session.add(_decision(submission, actor, at, ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE, reason=due(reason)))
    proposed = proposing.labels_of(session, submission.id)
    foreign = Decision(Kind.OUT_OF_SCOPE, None, actor.id, at)
    examples.remember(session, submission.version_id, submission.id, submission.comment, proposed, foreign)
    audit.record(session, actor, at, "submission.out_of_scope", ("submission", submission.id), reason=due(reason))
    enqueue(session, "tell_closing", at, submission_id=str(submission.id))


def close_as_duplicate(
    session: Session,
    actor: Actor,
    at: datetime,
    submission_id: uuid.UUID,
    revision: int,
    duplicate_of: str,
    reason: str,
) -> None:
    """Ends it as a repetition of the submission with that receipt number; its sender gets the other's outcome.

    Raises Unprocessable when there is no such submission in this consultation or it is itself a duplicate.
    """
    require(actor, Permission.SCREEN)
    original = submissions.by_number(session, duplicate_of)
    # Held together, so that two screeners can't make two submissions repeat each other.
    submissions.hold(session, [submission_id, *([original.id] if original else [])])
    submission = _at_revision(session, submission_id, revision)
    submission.state = LIFECYCLE.after(submission.state, ScreeningEvent.CLOSE_AS_DUPLICATE)
    if original is None or original.consultation_id != submission.consultation_id or original.id == submission.id:
        raise Unprocessable("no_such_original")
    if original.state is SubmissionState.DUPLICATE:
        raise Unprocessable("original_is_duplicate")
    decision = _decision(submission, actor, at, ScreeningEvent.CLOSE_AS_DUPLICATE, reason=optional(reason))
    decision.duplicate_of_id = original.id
    session.add(decision)
    audit.record(
        session, actor, at, "submission.duplicate", ("submission", submission.id), duplicate_of=str(original.id)
    )
    enqueue(session, "tell_closing", at, submission_id=str(submission.id))


def close_as_unsuitable(
    session: Session,
    actor: Actor,
    at: datetime,
    submission_id: uuid.UUID,
    revision: int,
    unsuitable_class: UnsuitableClass,
    reason: str,
) -> None:
    """Ends it as not fit to be handled or shown, under a class and with a reason."""
    require(actor, Permission.SCREEN)
    submission = _at_revision(session, submission_id, revision)
    submission.state = LIFECYCLE.after(submission.state, ScreeningEvent.CLOSE_AS_UNSUITABLE)
    decision = _decision(submission, actor, at, ScreeningEvent.CLOSE_AS_UNSUITABLE, reason=due(reason))
    decision.unsuitable_class = unsuitable_class
    session.add(decision)
    audit.record(
        session,
        actor,
        at,
        "submission.unsuitable",
        ("submission", submission.id),
        unsuitable_class=unsuitable_class.value,
        reason=due(reason),
    )
    enqueue(session, "tell_closing", at, submission_id=str(submission.id))


def _at_revision(session: Session, submission_id: uuid.UUID, revision: int) -> Submission:
    """The submission as the person saw it; two people can't decide one item."""
    submission = submissions.get(session, submission_id)
    if submission.revision != revision:
        raise Conflict("changed_meanwhile")
    return submission


def _decision(
    submission: Submission, actor: Actor, at: datetime, event: ScreeningEvent, reason: str | None = None
) -> ScreeningDecision:
    return ScreeningDecision(
        submission_id=submission.id, decision=event, reason=reason, decided_by=actor.id, decided_at=at
    )
