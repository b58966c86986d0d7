"""The one objection that an author may make to not being displayed, or to being taken for a machine."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.kit.errors import Conflict, Unprocessable
from app.permissions import Actor, ActorKind
from app.submissions import displayed, queries
from app.submissions.models import DisplayObjection

OBJECTION_LIMIT = 1_000
"""Code points."""


def object_to_take_down(
    session: Session, at: datetime, submission_id: uuid.UUID, words: str, request_id: str | None = None
) -> None:
    """Keeps what the author says against it; staff other than who decided answer it. The caller has verified that it is
    the author's own submission.

    Raises NotFound, Conflict("no_objection") where there is nothing to object to or it was objected before,
    Unprocessable("objection_required"), Unprocessable("objection_too_long").
    """
    queries.hold(session, [submission_id])
    submission = queries.get(session, submission_id)
    said = words.strip()
    if not said:
        raise Unprocessable("objection_required")
    if len(said) > OBJECTION_LIMIT:
        raise Unprocessable("objection_too_long", limit=OBJECTION_LIMIT)
    if not displayed.may_object(session, submission_id):
        raise Conflict("no_objection")
    session.add(
        DisplayObjection(submission_id=submission_id, consultation_id=submission.consultation_id, at=at, words=said)
    )
    author = Actor(ActorKind.CITIZEN, "", frozenset(), request_id=request_id)
    audit.record(
        session, author, at, "submission.objected", ("submission", submission_id), within=submission.consultation_id
    )
