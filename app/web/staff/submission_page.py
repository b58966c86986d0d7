"""One submission: the original on the left, what can be decided on the right."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.desk import queries as desk
from app.desk.filters import Filters
from app.desk.reader import Reader
from app.desk.views import View
from app.permissions import Actor
from app.submissions.models import Submission
from app.web.staff import display_view, files, history
from app.web.staff.case import (
    campaign,
    clarification,
    clauses,
    coding,
    decision,
    gathering,
    head,
    identity,
    lease,
    notes,
    original,
    second_look,
)
from app.web.staff.case.subject import Case

CONCERNS = (
    head,
    identity,
    original,
    clauses,
    lease,
    notes,
    coding,
    campaign,
    clarification,
    second_look,
    decision,
    gathering,
)
"""Each gives its own names to the page, by `context(case)`; none knows of another."""


def context(case: Case) -> dict[str, object]:
    """Everything that the page shows, for templates/staff/case/case.html."""
    session, submission = case.session, case.submission
    found: dict[str, object] = {}
    for concern in CONCERNS:
        found |= concern.context(case)
    return found | {
        **display_view.context(session, submission),
        **files.context(session, case.actor, submission.id),
        "history": history.of_record(session, "submission", submission.id),
        "may": decision.may(case)
        | clarification.may(case)
        | gathering.may(case)
        | display_view.may(session, case.actor, submission),
        "error": None,
    }


def next_id(session: Session, submission: Submission, actor: Actor, now: datetime) -> uuid.UUID | None:
    """The next one of the same consultation that is to be screened."""
    same = Filters(consultation=submission.consultation_id)
    return desk.next_after(session, View.RECEIVED, same, submission.id, Reader(actor, now))
