"""What was just done, and the way to take it back."""

import uuid
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from app.permissions import Actor, Permission
from app.screening.models import Suggestion
from app.submissions.lifecycle import LIFECYCLE, ScreeningEvent
from app.submissions.models import Submission
from app.submissions.restricted import title_for_lists


@dataclass(frozen=True)
class Toast:
    """`state` is where the item stands now; `may_undo` may still be refused when it is tried."""

    id: uuid.UUID
    title: str
    state: StrEnum
    revision: int
    may_undo: bool


def toast(session: Session, actor: Actor, done: uuid.UUID) -> Toast | None:
    """None for what is not there: the id stood in an address."""
    submission = session.get(Submission, done)
    if submission is not None:
        undone = LIFECYCLE.allows(submission.state, ScreeningEvent.UNDO) and actor.may(Permission.SCREEN)
        return Toast(submission.id, title_for_lists(submission), submission.state, submission.revision, undone)
    suggestion = session.get(Suggestion, done)
    if suggestion is None:
        return None
    return Toast(suggestion.id, suggestion.text, suggestion.state, suggestion.revision, False)
