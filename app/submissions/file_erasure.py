"""Letting go of the files of one submission, called by whoever has decided that personal data has to go."""

import uuid

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.submissions.models import SubmissionFile


def erase(session: Session, submission_id: uuid.UUID) -> None:
    """Nobody gets them any more, the public neither; the worker removes their contents within a day of their age.

    In a file nothing can be masked and no part of it is the consultation's record, so that all of it goes. A content
    that another submission brought too stays with that one.
    """
    session.execute(delete(SubmissionFile).where(SubmissionFile.submission_id == submission_id))
