"""Submissions of a consultation in the order of their arrival, for a file of them; each page costs alike."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from app.kit.paging import Key
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import DisplayedComment, Submission, SubmitterIdentity

S = SubmissionState
EXTRACTED = (S.RECEIVED, S.ACCEPTED, S.OUT_OF_SCOPE, S.DUPLICATE, S.UNSUITABLE)
"""States of what may stand in a file: what is in quarantine, was taken back or went elsewhere may not."""

ORDER = (Submission.received_at, Submission.id)


@dataclass(frozen=True)
class Extract:
    """Which submissions: received by `by`, at `since` or later and before `until`, in one state or in any EXTRACTED."""

    consultation_id: uuid.UUID
    by: datetime
    since: datetime | None = None
    until: datetime | None = None
    state: SubmissionState | None = None


def count(session: Session, extract: Extract) -> int:
    return session.scalar(select(func.count(Submission.id)).where(*_of(extract))) or 0


def page(session: Session, extract: Extract, after: Key | None, limit: int) -> Sequence[Submission]:
    """Those behind `after`, in the order of arrival."""
    query = select(Submission).where(*_of(extract), *_behind(after)).order_by(*ORDER).limit(limit)
    return session.scalars(query).all()


def page_with_senders(
    session: Session, extract: Extract, after: Key | None, limit: int
) -> Sequence[tuple[Submission, SubmitterIdentity]]:
    """The same with their sealed senders."""
    query = (
        select(Submission, SubmitterIdentity)
        .join(SubmitterIdentity, SubmitterIdentity.submission_id == Submission.id)
        .where(*_of(extract), *_behind(after))
        .order_by(*ORDER)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def masked(session: Session, submission_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, DisplayedComment]:
    """Submission id → its masked form, where it has one already."""
    query = select(DisplayedComment).where(DisplayedComment.submission_id.in_(submission_ids))
    return {row.submission_id: row for row in session.scalars(query)}


def _of(extract: Extract) -> Iterator[ColumnElement[bool]]:
    states = EXTRACTED if extract.state is None else tuple({extract.state} & set(EXTRACTED))
    yield Submission.consultation_id == extract.consultation_id
    yield Submission.received_at <= extract.by
    yield Submission.state.in_(states)
    if extract.since is not None:
        yield Submission.received_at >= extract.since
    if extract.until is not None:
        yield Submission.received_at < extract.until


def _behind(after: Key | None) -> Iterator[ColumnElement[bool]]:
    if after is not None:
        yield tuple_(Submission.received_at, Submission.id) > tuple_(after.at, after.id)
