"""Keeping count of what is left to gather of accepted submissions, so that no page has to count.

The verbs take no actor: the actions of this area call them in their own transaction.
"""

import uuid
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.screening import queries
from app.screening.coverage import uncovered
from app.screening.models import Coverage, ScreeningDecision
from app.screening.passages import Span, passages
from app.submissions import queries as submissions
from app.submissions.lifecycle import ScreeningEvent
from app.submissions.models import Submission


def begin(session: Session, submission: Submission) -> Coverage:
    """From its acceptance on a submission is open until all of it is gathered or somebody settles the rest."""
    found = session.get(Coverage, submission.id)
    if found is not None:
        return found
    made = Coverage(
        submission_id=submission.id,
        consultation_id=submission.consultation_id,
        received_at=submission.received_at,
        uncovered=None,
        is_open=True,
    )
    session.add(made)
    return made


def end(session: Session, submission_id: uuid.UUID) -> None:
    """It is accepted no longer: nothing is due of it."""
    found = session.get(Coverage, submission_id)
    if found is not None:
        session.delete(found)


def recount(session: Session, at: datetime, submission: Submission) -> Coverage:
    """Counts anew after passages were added or taken away.

    Where more is left than was settled, the settlement no longer holds.
    """
    coverage = begin(session, submission)
    session.flush()
    left = len(left_of(session, submission))
    if coverage.uncovered is None or left > coverage.uncovered:
        unsettle(coverage)
    coverage.uncovered = left
    coverage.is_open = left > 0 and coverage.settled_at is None
    _note_gathered(session, at, coverage)
    return coverage


def settle(session: Session, at: datetime, by: str, coverage: Coverage, remark: str) -> None:
    """Somebody answers for leaving the rest."""
    coverage.settled_by, coverage.settled_at, coverage.remark, coverage.is_open = by, at, remark, False
    _note_gathered(session, at, coverage)


def unsettle(coverage: Coverage) -> None:
    """What is left waits for somebody again."""
    coverage.settled_at = coverage.settled_by = coverage.remark = None
    coverage.is_open = coverage.uncovered != 0


def _note_gathered(session: Session, at: datetime, coverage: Coverage) -> None:
    """When nothing was left for the first time stays with the acceptance, whatever is taken apart later."""
    if coverage.is_open:
        return
    accepted = (
        ScreeningDecision.submission_id == coverage.submission_id,
        ScreeningDecision.decision == ScreeningEvent.ACCEPT,
        ScreeningDecision.undone_at.is_(None),
        ScreeningDecision.gathered_at.is_(None),
    )
    session.execute(update(ScreeningDecision).where(*accepted).values(gathered_at=at))


def left_of(session: Session, submission: Submission) -> list[Span]:
    """The passages of a submission of which something stands in no suggestion."""
    cut = passages(submission.comment, submissions.clause_places(session, submission.id))
    return uncovered(submission.comment, cut, queries.gathered_spans(session, submission.id))


def of_submission(session: Session, submission_id: uuid.UUID) -> Coverage | None:
    return session.get(Coverage, submission_id)
