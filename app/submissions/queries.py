import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.kit.errors import NotFound
from app.kit.paging import Key, Page, page_of
from app.submissions.composing import ClausePlaces, Extent, in_reading_order
from app.submissions.lifecycle import UNCOUNTED, SubmissionState
from app.submissions.models import LateSubmission, Submission, SubmissionClause, SubmitterIdentity
from app.submissions.receipts import Receipts, read_number


def get(session: Session, submission_id: uuid.UUID) -> Submission:
    """Raises NotFound."""
    submission = session.get(Submission, submission_id)
    if submission is None:
        raise NotFound("no_such_submission")
    return submission


def many(session: Session, submission_ids: Iterable[uuid.UUID]) -> Sequence[Submission]:
    """In no order; those that don't exist are missing."""
    return session.scalars(select(Submission).where(Submission.id.in_(set(submission_ids)))).all()


def common_consultation(session: Session, submission_ids: Iterable[uuid.UUID]) -> uuid.UUID | None:
    """The consultation that all of them belong to; None where they belong to several."""
    found = session.scalars(
        select(Submission.consultation_id).where(Submission.id.in_(set(submission_ids))).distinct().limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def hold(session: Session, submission_ids: Iterable[uuid.UUID]) -> None:
    """Nobody else changes them until this transaction ends, and what is read of them from now on is the newest.

    They are locked in the order of their ids: two transactions that want the same ones wait and never deadlock.
    """
    session.scalars(
        select(Submission)
        .where(Submission.id.in_(set(submission_ids)))
        .order_by(Submission.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def by_number(session: Session, receipt_number: str) -> Submission | None:
    return session.scalar(select(Submission).where(Submission.receipt_number == read_number(receipt_number)))


def with_code(session: Session, receipts: Receipts, receipt_number: str, access_code: str) -> Submission | None:
    """The submission that the number and the code open together; None when either is wrong, without saying which."""
    submission = by_number(session, receipt_number)
    if submission is None:
        receipts.hash_code("", access_code)
        return None
    fits = receipts.code_fits(submission.access_code_hash, submission.receipt_number, access_code)
    return submission if fits else None


def token_is_stored(session: Session, token: str) -> bool:
    return session.scalar(select(Submission.id).where(Submission.token == token)) is not None


def clause_ids(session: Session, submission_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Submission id → the clauses that its sender chose."""
    chosen: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    rows = session.scalars(select(SubmissionClause).where(SubmissionClause.submission_id.in_(set(submission_ids))))
    for row in rows:
        chosen[row.submission_id].append(row.clause_id)
    return chosen


def clause_places(session: Session, submission_id: uuid.UUID) -> list[ClausePlaces]:
    """Where the words about single clauses stand in its comment, in reading order."""
    rows = session.scalars(select(SubmissionClause).where(SubmissionClause.submission_id == submission_id))
    found = [
        ClausePlaces(row.clause_id, _extent(row.text_start, row.text_end), _extent(row.wording_start, row.wording_end))
        for row in rows
    ]
    return in_reading_order(found)


def _extent(start: int | None, end: int | None) -> Extent | None:
    return None if start is None or end is None else Extent(start, end)


def sealed_identity(session: Session, submission_id: uuid.UUID) -> SubmitterIdentity | None:
    return session.get(SubmitterIdentity, submission_id)


def of_same_sender(session: Session, submission: Submission, limit: int) -> Sequence[Submission]:
    """What the same person or organisation sent to the same consultation, this one included, in order of arrival.

    By the blind index: whoever was asked for no number stands alone. Without what doesn't count (UNCOUNTED), what was
    taken back and what went to another body. At most `limit`.
    """
    index = select(SubmitterIdentity.person_index).where(SubmitterIdentity.submission_id == submission.id)
    apart = (*UNCOUNTED, SubmissionState.WITHDRAWN, SubmissionState.REFERRED)
    return session.scalars(
        select(Submission)
        .join(SubmitterIdentity, SubmitterIdentity.submission_id == Submission.id)
        .where(
            SubmitterIdentity.consultation_id == submission.consultation_id,
            SubmitterIdentity.person_index == index.scalar_subquery(),
            Submission.state.not_in(apart),
        )
        .order_by(Submission.received_at, Submission.id)
        .limit(limit)
    ).all()


def accepted(session: Session, consultation_id: uuid.UUID, after: uuid.UUID | None, limit: int) -> Sequence[Submission]:
    """What was accepted of a consultation or repeats what was, by id, from the one behind `after` on."""
    taken_up = (SubmissionState.ACCEPTED, SubmissionState.DUPLICATE)
    query = select(Submission).where(Submission.consultation_id == consultation_id, Submission.state.in_(taken_up))
    if after is not None:
        query = query.where(Submission.id > after)
    return session.scalars(query.order_by(Submission.id).limit(limit)).all()


def late_code_id(session: Session, submission_id: uuid.UUID) -> uuid.UUID | None:
    """The code that let the submission in after the window had ended; None for one that came in time."""
    return session.scalar(select(LateSubmission.late_code_id).where(LateSubmission.submission_id == submission_id))


def counts(session: Session, consultation_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Consultation id → number of submissions (份), without what waits in quarantine or was discarded."""
    rows = session.execute(
        select(Submission.consultation_id, func.count())
        .where(Submission.consultation_id.in_(set(consultation_ids)), Submission.state.not_in(UNCOUNTED))
        .group_by(Submission.consultation_id)
    )
    return {row[0]: row[1] for row in rows}


def state_counts(session: Session, consultation_id: uuid.UUID | None) -> dict[SubmissionState, int]:
    """State → number of submissions, of one consultation or of all."""
    query = select(Submission.state, func.count()).group_by(Submission.state)
    if consultation_id is not None:
        query = query.where(Submission.consultation_id == consultation_id)
    return {row[0]: row[1] for row in session.execute(query)}


def clause_counts(session: Session, consultation_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Clause id → number of submissions that chose it."""
    rows = session.execute(
        select(SubmissionClause.clause_id, func.count())
        .join(Submission, Submission.id == SubmissionClause.submission_id)
        .where(Submission.consultation_id == consultation_id, Submission.state.not_in(UNCOUNTED))
        .group_by(SubmissionClause.clause_id)
    )
    return {row[0]: row[1] for row in rows}


def oldest_first(
    session: Session, state: SubmissionState, consultation_id: uuid.UUID | None, after: Key | None, limit: int
) -> Page[Submission]:
    """Submissions in one state, the one that waits longest first."""
    query = select(Submission).where(Submission.state == state).order_by(Submission.received_at, Submission.id)
    if consultation_id is not None:
        query = query.where(Submission.consultation_id == consultation_id)
    if after:
        query = query.where(tuple_(Submission.received_at, Submission.id) > tuple_(after.at, after.id))
    rows: Sequence[Submission] = session.scalars(query.limit(limit + 1)).all()
    return page_of(rows, limit, lambda row: Key(row.received_at, row.id))


def distinct_persons(session: Session, submission_ids: Iterable[uuid.UUID]) -> int:
    """How many different senders stand behind these submissions (按所填证件号去重，未经核验).

    One for each ID number and each organisation's code, as entered and not verified; whoever was asked for neither
    counts once for each submission.
    """
    return (
        session.scalar(
            select(func.count(func.distinct(SubmitterIdentity.person_index))).where(
                SubmitterIdentity.submission_id.in_(set(submission_ids))
            )
        )
        or 0
    )


@dataclass(frozen=True)
class PersonsNewest:
    """The newest submission of one sender; `person_index` tells senders apart within one consultation."""

    submission_id: uuid.UUID
    person_index: bytes


def newest_of_each_reachable(
    session: Session, consultation_id: uuid.UUID, until: datetime, after: bytes | None, limit: int
) -> tuple[list[PersonsNewest], bytes | None]:
    """The newest submission by `until` of each of the next senders who left an e-mail address, and where to go on.

    At most `limit` of them. They come in the order of their index, so that a page costs the same wherever it is; one
    who wrote only later is passed over, and so is what no person has released from quarantine: its addresses may be
    anybody's. The second value is None after the last one.
    """
    whose = SubmitterIdentity.person_index
    reachable = (SubmitterIdentity.consultation_id == consultation_id, SubmitterIdentity.email.is_not(None))
    page = select(whose).where(*reachable).distinct()
    if after is not None:
        page = page.where(whose > after)
    persons = session.scalars(page.order_by(whose).limit(limit)).all()
    if not persons:
        return [], None
    newest_first = (Submission.received_at.desc(), Submission.id.desc())
    ranked = (
        select(Submission.id, whose, func.row_number().over(partition_by=whose, order_by=newest_first).label("place"))
        .join(SubmitterIdentity, SubmitterIdentity.submission_id == Submission.id)
        .where(*reachable, whose.between(persons[0], persons[-1]))
        .where(Submission.received_at <= until, Submission.state.not_in(UNCOUNTED))
        .subquery()
    )
    rows = session.execute(select(ranked.c.id, ranked.c.person_index).where(ranked.c.place == 1))
    return [PersonsNewest(*row) for row in rows], persons[-1] if len(persons) == limit else None
