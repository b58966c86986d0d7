"""What the author of a comment reads about its public display."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.submissions import displayed, public_numbers
from app.submissions.displayed import DisplayStatus
from app.submissions.lifecycle import DisplayState, HoldReason
from app.web import labels
from app.web.i18n import N_
from app.web.i18n import gettext as _

REVIEWED_FIRST = N_("New comments are displayed when a person has looked at them; yours waits for that.")
NEVER = N_("Your comment is not displayed, because its author is under 14. It is worked on like any other.")
WORDS = {
    DisplayState.DISPLAYED: N_("Your comment is displayed on the public page."),
    DisplayState.WAITING: N_(
        "A person looks at your comment before it is displayed. If it isn't displayed, you read here why."
    ),
    DisplayState.WITHHELD: N_("Your comment is not displayed on the public page. It is worked on all the same."),
    DisplayState.TAKEN_DOWN: N_(
        "Your comment is no longer displayed on the public page. It is worked on all the same."
    ),
    DisplayState.FROZEN: N_("Your comment is not displayed while a report about the ID number is looked into."),
}


@dataclass(frozen=True)
class DisplayNote:
    """`number` is the public number while it is displayed; `reason` and `at` say why and since when it isn't."""

    words: str
    number: str
    reason: str
    at: datetime | None
    may_object: bool


def display_note(session: Session, submission_id: uuid.UUID) -> DisplayNote | None:
    """None where nothing is displayed under the consultation's regime, or where it isn't known yet whether it counts:
    then the status says so."""
    status = displayed.display_state_of(session, submission_id)
    if status is None or HoldReason.QUARANTINE in status.reasons:
        return None
    return DisplayNote(
        words=_(_words(status)),
        number=public_numbers.written(status.number) if status.number else "",
        reason=labels.label(status.ended_class) if status.ended_class else "",
        at=status.ended_at,
        may_object=status.may_object,
    )


def _words(status: DisplayStatus) -> str:
    if HoldReason.UNDER_14 in status.reasons:
        return NEVER
    if status.reasons == (HoldReason.REVIEWED_FIRST,):
        return REVIEWED_FIRST
    return WORDS[status.state]
