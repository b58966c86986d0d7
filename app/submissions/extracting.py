"""Submissions of a consultation in the order of their arrival, for a file of them; each page costs alike."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from app.kit.paging import Key
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import DisplayedComment, Submission, SubmitterIdentity

S = SubmissionState
EXTRACTED = (S.RECEIVED, S.ACCEPTED, S.OUT_OF_SCOPE, S.DUPLICATE, S.UNSUITABLE)
"""States of what may stand in a file: what is in quarantine, was taken back or went elsewhere may not."""


@dataclass(frozen=True)
class Extract:
    """Which submissions: received by `by`, at `since` or later and before `until`, in one state or in any EXTRACTED."""

    consultation_id: uuid.UUID
    by: datetime
    since: datetime | None = None
    until: datetime | None = None
    state: SubmissionState | None = None


def count(session: Session, extract: Extract) -> int:
    return session.scalar(_of(select(func.count(Submission.id)), extract)) or 0


def page(session: Session, extract: Extract, after: Key | None, limit: int) -> Sequence[Submission]:
    """Those behind `after`, in the order of arrival."""
    query = _behind(_of(select(Submission), extract), after).limit(limit)
    return session.scalars(query).all()


def page_with_senders(
    session: Session, extract: Extract, after: Key | None, limit: int
) -> Sequence[tuple[Submission, SubmitterIdentity]]:
    """The same with their sealed senders."""
    query = _of(select(Submission, SubmitterIdentity), extract).join(
        SubmitterIdentity, SubmitterIdentity.submission_id == Submission.id
    )
    return [(row[0], row[1]) for row in session.execute(_behind(query, after).limit(limit))]


def masked(session: Session, submission_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, DisplayedComment]:
    """Submission id → its masked form, where it has one already."""
    query = select(DisplayedComment).where(DisplayedComment.submission_id.in_(submission_ids))
    return {row.submission_id: row for row in session.scalars(query)}


def _of(query: Select[Any], extract: Extract) -> Select[Any]:
    states = EXTRACTED if extract.state is None else tuple({extract.state} & set(EXTRACTED))
    query = query.where(
        Submission.consultation_id == extract.consultation_id,
        Submission.received_at <= extract.by,
        Submission.state.in_(states),
    )
    if extract.since is not None:
        query = query.where(Submission.received_at >= extract.since)
    return query if extract.until is None else query.where(Submission.received_at < extract.until)


def _behind(query: Select[Any], after: Key | None) -> Select[Any]:
    if after is not None:
        query = query.where(tuple_(Submission.received_at, Submission.id) > tuple_(after.at, after.id))
    return query.order_by(Submission.received_at, Submission.id)
