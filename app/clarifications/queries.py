import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.clarifications.lifecycle import AskerKind, ClarificationState
from app.clarifications.models import Clarification
from app.kit.errors import NotFound
from app.kit.paging import Key, Page, page_of

C = Clarification


def get(session: Session, clarification_id: uuid.UUID) -> Clarification:
    """Raises NotFound."""
    found = session.get(C, clarification_id)
    if found is None:
        raise NotFound("no_such_clarification")
    return found


def of_submission(session: Session, submission_id: uuid.UUID) -> Sequence[Clarification]:
    """What its sender was asked, oldest first."""
    return session.scalars(select(C).where(C.submission_id == submission_id).order_by(C.asked_at, C.id)).all()


def asked(session: Session, submission_id: uuid.UUID) -> Clarification | None:
    """The question that waits for the sender's answer; there is never more than one."""
    return session.scalar(
        select(C).where(C.submission_id == submission_id, C.state == ClarificationState.ASKED).limit(1)
    )


def of_asker(
    session: Session, kind: AskerKind, asker: str, state: ClarificationState, after: Key | None, limit: int
) -> Page[Clarification]:
    """What one asker asked, in one state, oldest first."""
    query = select(C).where(C.asker_kind == kind, C.asker == asker, C.state == state)
    if after:
        query = query.where(tuple_(C.asked_at, C.id) > tuple_(after.at, after.id))
    rows = session.scalars(query.order_by(C.asked_at, C.id).limit(limit + 1)).all()
    return page_of(rows, limit, lambda row: Key(row.asked_at, row.id))


def counts_of_asker(session: Session, kind: AskerKind, asker: str) -> dict[ClarificationState, int]:
    """State → number of one asker's questions."""
    query = select(C.state, func.count()).where(C.asker_kind == kind, C.asker == asker).group_by(C.state)
    return {row[0]: row[1] for row in session.execute(query)}


def supplements(session: Session, submission_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Clarification]]:
    """Submission id → its answered questions, oldest first: what joins the original as a supplement."""
    answered = C.answer.is_not(None)
    found: dict[uuid.UUID, list[Clarification]] = {}
    for row in session.scalars(
        select(C).where(C.submission_id.in_(set(submission_ids)), answered).order_by(C.asked_at)
    ):
        found.setdefault(row.submission_id, []).append(row)
    return found


def overdue(session: Session, now: datetime, most: int) -> Sequence[Clarification]:
    """Questions whose time for an answer is over, those over longest first."""
    late = (C.state == ClarificationState.ASKED, C.due_at <= now)
    return session.scalars(select(C).where(*late).order_by(C.due_at).limit(most)).all()
