"""Ending or stopping a display because of what its author or a person concerned asked.

The caller answers for it: these verbs have no actor, and belong into an action that records what it does.
"""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.submissions.lifecycle import DISPLAY, DisplayEvent, DisplayState, EndedClass
from app.submissions.models import DisplayedComment

ENDING = {DisplayState.WAITING: DisplayEvent.WITHHOLD}
"""The event that ends a display; taking down for what was displayed."""


def freeze(session: Session, at: datetime, submission_id: uuid.UUID) -> None:
    """The public doesn't see it from now on. Nothing happens to what isn't displayed and doesn't wait to be."""
    row = _held(session, submission_id)
    if row is not None and DISPLAY.allows(row.state, DisplayEvent.FREEZE):
        row.state = DISPLAY.after(row.state, DisplayEvent.FREEZE)
        row.taken_down_at = at


def thaw(session: Session, at: datetime, submission_id: uuid.UUID) -> None:
    """Where it stood before it was frozen: displayed, or waiting for what it waited for."""
    row = _held(session, submission_id)
    if row is not None and row.state is DisplayState.FROZEN:
        event = DisplayEvent.HOLD if row.held_for else DisplayEvent.UNFREEZE
        row.state = DISPLAY.after(row.state, event)
        row.taken_down_at = None


def end(session: Session, at: datetime, submission_id: uuid.UUID, why: EndedClass = EndedClass.BY_AUTHOR) -> None:
    """For good: displayed, it is taken down; waiting, it is withheld. What has ended before keeps its reason."""
    row = _held(session, submission_id)
    if row is None:
        return
    event = ENDING.get(row.state, DisplayEvent.TAKE_DOWN)
    if DISPLAY.allows(row.state, event):
        row.state = DISPLAY.after(row.state, event)
        row.taken_down_at, row.taken_down_class = at, why


def _held(session: Session, submission_id: uuid.UUID) -> DisplayedComment | None:
    return session.get(DisplayedComment, submission_id, with_for_update=True, populate_existing=True)
