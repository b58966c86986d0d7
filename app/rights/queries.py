import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.kit.errors import NotFound
from app.kit.paging import Key, Page, page_of
from app.rights.lifecycle import RequestKind, RequestState
from app.rights.models import ErasedIdentity, ReportedSubmission, RightsRequest
from app.submissions.models import SubmitterIdentity
from app.submissions.vault import Vault

COPY_KEPT_FOR = timedelta(days=30)
"""How long a granted copy can be fetched."""
ASKED_AT_ONCE = 200


def get(session: Session, request_id: uuid.UUID) -> RightsRequest:
    """Raises NotFound."""
    request = session.get(RightsRequest, request_id)
    if request is None:
        raise NotFound("no_such_request")
    return request


def of_submission(session: Session, submission_id: uuid.UUID) -> Sequence[RightsRequest]:
    """What was asked about it by its sender, newest first."""
    return session.scalars(
        select(RightsRequest)
        .where(RightsRequest.submission_id == submission_id)
        .order_by(RightsRequest.received_at.desc(), RightsRequest.id.desc())
    ).all()


def is_open(session: Session, submission_id: uuid.UUID, kind: RequestKind) -> bool:
    """Whether the same was asked before and isn't decided yet."""
    return any(
        request.kind is kind and request.state is RequestState.OPEN for request in of_submission(session, submission_id)
    )


def is_erased(session: Session, submission_id: uuid.UUID) -> bool:
    return session.get(ErasedIdentity, submission_id) is not None


def may_fetch_copy(session: Session, submission_id: uuid.UUID, now: datetime) -> bool:
    """Whether a copy was granted and can still be fetched."""
    return any(
        request.kind is RequestKind.COPY
        and request.state is RequestState.GRANTED
        and request.decided_at is not None
        and now < request.decided_at + COPY_KEPT_FOR
        for request in of_submission(session, submission_id)
    )


def oldest_first(session: Session, state: RequestState, after: Key | None, limit: int) -> Page[RightsRequest]:
    """Requests in one state, the one that waits longest first."""
    query = (
        select(RightsRequest)
        .where(RightsRequest.state == state)
        .order_by(RightsRequest.received_at, RightsRequest.id)
        .limit(limit + 1)
    )
    if after:
        query = query.where(tuple_(RightsRequest.received_at, RightsRequest.id) > tuple_(after.at, after.id))
    return page_of(session.scalars(query).all(), limit, lambda row: Key(row.received_at, row.id))


def open_and_overdue(session: Session, today: date) -> tuple[int, int]:
    """How many wait for an answer, and how many of them should have had it before today."""
    waits = RightsRequest.state == RequestState.OPEN
    late = func.count().filter(RightsRequest.due_on < today)
    number, overdue = session.execute(select(func.count(), late).select_from(RightsRequest).where(waits)).one()
    return number, overdue


def reported(session: Session, request_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """The submissions that were written under the number of a report."""
    return session.scalars(
        select(ReportedSubmission.submission_id)
        .where(ReportedSubmission.request_id == request_id)
        .order_by(ReportedSubmission.submission_id)
    ).all()


def is_under_report(session: Session, submission_id: uuid.UUID, but: uuid.UUID) -> bool:
    """Whether another open report than `but` keeps the submission off display."""
    others = (
        select(RightsRequest.id)
        .join(ReportedSubmission, ReportedSubmission.request_id == RightsRequest.id)
        .where(ReportedSubmission.submission_id == submission_id, RightsRequest.id != but)
        .where(RightsRequest.state != RequestState.REFUSED)
    )
    return session.scalar(others.limit(1)) is not None


def written_under(session: Session, vault: Vault, id_number: str) -> list[uuid.UUID]:
    """Submissions to public consultations under that ID number, in any of them."""
    pairs = [(row.id, vault.person_index(row.id, id_number)) for row in consultations.public_consultations(session)]
    found: list[uuid.UUID] = []
    for start in range(0, len(pairs), ASKED_AT_ONCE):
        person = tuple_(SubmitterIdentity.consultation_id, SubmitterIdentity.person_index)
        some = select(SubmitterIdentity.submission_id).where(person.in_(pairs[start : start + ASKED_AT_ONCE]))
        found += session.scalars(some)
    return sorted(found)


def submissions_of(session: Session, request_ids: Sequence[uuid.UUID]) -> dict[str, uuid.UUID]:
    """Request id → the submission whose sender asked, for those that were asked about one."""
    rows = session.execute(
        select(RightsRequest.id, RightsRequest.submission_id).where(
            RightsRequest.id.in_(request_ids), RightsRequest.submission_id.is_not(None)
        )
    )
    return {str(row.id): row.submission_id for row in rows}
