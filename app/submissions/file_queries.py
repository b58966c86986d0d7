"""Which files came with which submission, which of them are public, and which contents anything still refers to."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from app.kit.errors import NotFound
from app.kit.paging import EPOCH, Key, Page, page_of
from app.submissions.file_kinds import ScanState
from app.submissions.lifecycle import DisplayState
from app.submissions.models import DisplayedComment, SubmissionFile

Q = SubmissionFile


def of_submission(session: Session, submission_id: uuid.UUID) -> Sequence[SubmissionFile]:
    """In the order in which they were chosen."""
    return session.scalars(select(Q).where(Q.submission_id == submission_id).order_by(Q.place)).all()


def get(session: Session, file_id: uuid.UUID) -> SubmissionFile:
    """Raises NotFound."""
    file = session.get(Q, file_id)
    if file is None:
        raise NotFound("no_such_file")
    return file


def public_file(session: Session, consultation_id: uuid.UUID, file_id: uuid.UUID) -> SubmissionFile:
    """A released file of an opinion that is on display now. Raises NotFound for every other one."""
    file = session.scalar(_public(consultation_id).where(Q.id == file_id))
    if file is None:
        raise NotFound("no_such_file")
    return file


def public_files(
    session: Session, consultation_id: uuid.UUID, submission_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, list[SubmissionFile]]:
    """Submission id → its files that everybody may have."""
    found: dict[uuid.UUID, list[SubmissionFile]] = defaultdict(list)
    wanted = _public(consultation_id).where(Q.submission_id.in_(set(submission_ids))).order_by(Q.place)
    for file in session.scalars(wanted):
        found[file.submission_id].append(file)
    return found


def public_among(
    session: Session, consultation_id: uuid.UUID, senders: Select[uuid.UUID], after: Key | None, limit: int
) -> Page[SubmissionFile]:
    """Files that everybody may have, of those submissions, in the order of their release."""
    wanted = _public(consultation_id).where(Q.submission_id.in_(senders))
    if after:
        wanted = wanted.where(tuple_(Q.released_at, Q.id) > tuple_(after.at, after.id))
    rows = session.scalars(wanted.order_by(Q.released_at, Q.id).limit(limit + 1)).all()
    return page_of(rows, limit, lambda row: Key(row.released_at or EPOCH, row.id))


def public_one(
    session: Session, consultation_id: uuid.UUID, senders: Select[uuid.UUID], file_id: uuid.UUID
) -> SubmissionFile:
    """One of `public_among`. Raises NotFound for every other file."""
    file = session.scalar(_public(consultation_id).where(Q.submission_id.in_(senders), Q.id == file_id))
    if file is None:
        raise NotFound("no_such_file")
    return file


def waiting(session: Session, most: int) -> Sequence[SubmissionFile]:
    """Files that no scanner has seen, the oldest first; those too that came before there was one."""
    unseen = Q.scan.in_([ScanState.WAITING, ScanState.NOT_ASKED])
    return session.scalars(select(Q).where(unseen).order_by(Q.id).limit(most)).all()


def referred_to(session: Session, keys: Iterable[str]) -> set[str]:
    """Those of the contents that a stored submission refers to, as sent or as released."""
    wanted = set(keys)
    sent = session.scalars(select(Q.sha256).where(Q.sha256.in_(wanted)))
    released = session.scalars(select(Q.released_sha256).where(Q.released_sha256.in_(wanted)))
    return {*sent, *(key for key in released if key)}


def _public(consultation_id: uuid.UUID) -> Select[SubmissionFile]:
    return (
        select(Q)
        .join(DisplayedComment, DisplayedComment.submission_id == Q.submission_id)
        .where(DisplayedComment.consultation_id == consultation_id, DisplayedComment.state == DisplayState.DISPLAYED)
        .where(Q.released_at.is_not(None), Q.scan.in_([ScanState.NOT_ASKED, ScanState.CLEAN]))
    )
