"""What the machine proposes a submission to be about: kept by the worker, shown to editors, never decided by itself."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.matching.kinds import Kind
from app.documents.models import Clause
from app.kit.identifiers import shortly_before
from app.screening.models import ClauseProposal, SubmissionMatch
from app.submissions.models import Submission

LATE_COMMIT = timedelta(minutes=10)
"""Ids are in order of time, commits nearly: so far back one is looked for that was stored after a later one."""
LONGEST_WHY = 300


@dataclass(frozen=True)
class Proposed:
    """A clause that a submission may be about, with the likelihood of 0 to 1 and the reason."""

    clause_id: uuid.UUID
    score: float
    why: str


@dataclass(frozen=True)
class Proposals:
    """What kind of comment it seems to be, and the clauses that it may be about, best first."""

    kind: Kind
    clauses: tuple[Proposed, ...]


def waiting(session: Session, most: int) -> Sequence[Submission]:
    """Submissions that have not been looked at, in the order of arrival. What it costs doesn't grow with the store."""
    last = session.scalar(select(SubmissionMatch.submission_id).order_by(SubmissionMatch.submission_id.desc()).limit(1))
    looked_at = select(SubmissionMatch).where(SubmissionMatch.submission_id == Submission.id).exists()
    query = select(Submission).where(~looked_at).order_by(Submission.id).limit(most)
    if last is not None:
        query = query.where(Submission.id > shortly_before(last, LATE_COMMIT))
    return session.scalars(query).all()


def keep(session: Session, at: datetime, submission_id: uuid.UUID, proposals: Proposals) -> None:
    """Keeps what was found, once: a submission that was looked at meanwhile stays as it is."""
    if session.get(SubmissionMatch, submission_id) is not None:
        return
    session.add(SubmissionMatch(submission_id=submission_id, kind=proposals.kind, matched_at=at))
    session.add_all(
        ClauseProposal(
            submission_id=submission_id,
            rank=rank,
            clause_id=proposed.clause_id,
            score=proposed.score,
            why=proposed.why[:LONGEST_WHY],
        )
        for rank, proposed in enumerate(proposals.clauses, start=1)
    )


def of_submission(session: Session, submission_id: uuid.UUID) -> Proposals | None:
    """None until the worker has looked at it."""
    match = session.get(SubmissionMatch, submission_id)
    if match is None:
        return None
    rows = session.scalars(
        select(ClauseProposal).where(ClauseProposal.submission_id == submission_id).order_by(ClauseProposal.rank)
    )
    return Proposals(match.kind, tuple(Proposed(row.clause_id, row.score, row.why) for row in rows))


def labels_of(session: Session, submission_id: uuid.UUID) -> list[str]:
    """The labels of the clauses that were proposed, best first."""
    query = (
        select(Clause.label)
        .join(ClauseProposal, ClauseProposal.clause_id == Clause.id)
        .where(ClauseProposal.submission_id == submission_id)
        .order_by(ClauseProposal.rank)
    )
    return list(session.scalars(query))
