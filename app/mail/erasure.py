"""Letting go of a submission's mail, called by whoever has decided that personal data has to go."""

import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.mail.models import Mail


def erase(session: Session, submission_id: uuid.UUID) -> None:
    """Nobody can open it any more; the worker removes the sealed whole within a minute.

    The keyed hashes stay, so that the mail isn't taken in a second time when it is met in the mailbox again.
    """
    mine = update(Mail).where(Mail.submission_id == submission_id)
    session.execute(mine.values(blob_key=None, summary=b"", revision=Mail.revision + 1))
