"""Letting go of the files of submissions, called by whoever has decided that personal data has to go."""

import uuid
from collections.abc import Collection

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.submissions.models import SubmissionFile


def erase(session: Session, submission_id: uuid.UUID) -> None:
    """Nobody gets them any more, the public neither; the worker removes their contents within a day of their age.

    In a file nothing can be masked and no part of it is the consultation's record, so that all of it goes. A content
    that another submission brought too stays with that one.
    """
    erase_all(session, [submission_id])


def erase_all(session: Session, submission_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """As `erase`, of several; submission id → how many files it had, without those that had none."""
    mine = SubmissionFile.submission_id.in_(submission_ids)
    counted = select(SubmissionFile.submission_id, func.count()).where(mine).group_by(SubmissionFile.submission_id)
    found = dict(session.execute(counted).all())
    if found:
        session.execute(delete(SubmissionFile).where(mine))
    return found
