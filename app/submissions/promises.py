"""What the transparency log says of a submission: that it was received, as it arrived, and what was decided about it.

Nothing about the person is among the fields: they can be erased without a proof being lost.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.submissions.models import Submission, SubmissionClause, SubmissionFile
from app.transparency import ledger
from app.transparency.commitments import Value, instant
from app.transparency.models import EntryKind, LogEntry

SEALED_WITHIN = timedelta(hours=1)
"""What a receipt promises. It takes about a minute; the rest is for a service that is being maintained."""


def receipt_entry(
    submission: Submission, clauses: Iterable[SubmissionClause], files: Iterable[SubmissionFile], at: datetime
) -> LogEntry:
    """The row that goes with the submission's own into the store; `at` is when it is stored.

    Its fields stand in the submission's rows, so that they aren't kept twice.
    """
    return ledger.entry(
        EntryKind.RECEIPT,
        at,
        fields_of(submission, clauses, files),
        subject=submission.id,
        consultation_id=submission.consultation_id,
        keeps_fields=False,
    )


def receipt_fields(session: Session, submission: Submission) -> dict[str, Value]:
    """The committed fields as the store holds them now."""
    clauses = select(SubmissionClause).where(SubmissionClause.submission_id == submission.id)
    files = select(SubmissionFile).where(SubmissionFile.submission_id == submission.id)
    return fields_of(submission, session.scalars(clauses).all(), session.scalars(files).all())


def note_outcome(
    session: Session, at: datetime, submission: Submission, of_class: str | None = None, *, undoes: bool = False
) -> None:
    """Enters the state that a decision has brought the submission into; `of_class` says more of it.

    `undoes` tells that a decision was taken back, and no other one made.
    """
    fields: dict[str, Value] = {
        "number": submission.receipt_number,
        "outcome": submission.state.value,
        "class": of_class,
    }
    kind = EntryKind.REOPENED if undoes else EntryKind.OUTCOME
    session.add(
        ledger.entry(kind, at, fields, subject=submission.id, consultation_id=submission.consultation_id),
    )


def forget(session: Session, consultation_id: uuid.UUID, submission_id: uuid.UUID) -> None:
    """Called by whoever erases a part of what was committed: nobody can show any more what it was."""
    ledger.forget(session, consultation_id, submission_id)


def fields_of(
    submission: Submission, clauses: Iterable[SubmissionClause], files: Iterable[SubmissionFile]
) -> dict[str, Value]:
    """What a receipt's entry commits to, of rows that need not be stored."""
    return {
        "number": submission.receipt_number,
        "consultation": str(submission.consultation_id),
        "received_at": instant(submission.received_at),
        "title": submission.title,
        "comment": submission.comment,
        "clauses": sorted([str(clause.clause_id), clause.text_hash] for clause in clauses),
        "files": [[file.name, file.sha256] for file in sorted(files, key=lambda file: file.place)],
    }
