"""What can be done to a submission's public display."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.kit.errors import Conflict, NotFound
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.submissions.models import DisplayedComment


def take_down(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, reason: str) -> None:
    """Ends the public display with a recorded reason; the submission itself stays and is handled as any other.

    Raises NotFound when it is not displayed, Conflict when it was taken down already, Unprocessable without a reason.
    """
    require(actor, Permission.TAKE_DOWN)
    displayed = session.get(DisplayedComment, submission_id, with_for_update=True)
    if displayed is None:
        raise NotFound("not_displayed")
    if displayed.taken_down_at is not None:
        raise Conflict("taken_down_already")
    words = due(reason)
    displayed.taken_down_at = at
    displayed.taken_down_reason = words
    audit.record(session, actor, at, "submission.taken_down", ("submission", submission_id), reason=words)
