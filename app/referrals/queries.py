import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.kit.errors import NotFound
from app.kit.paging import Key, Page, page_of
from app.referrals.lifecycle import STANDING, ReferralState
from app.referrals.models import Handover, ReferralCase


def get(session: Session, case_id: uuid.UUID) -> ReferralCase:
    """Raises NotFound."""
    case = session.get(ReferralCase, case_id)
    if case is None:
        raise NotFound("no_such_referral")
    return case


def standing_case(session: Session, submission_id: uuid.UUID) -> ReferralCase | None:
    """The case about a submission that isn't over."""
    mine = (ReferralCase.submission_id == submission_id, ReferralCase.state.in_(STANDING))
    return session.scalar(select(ReferralCase).where(*mine).limit(1))


def latest_case(session: Session, submission_id: uuid.UUID) -> ReferralCase | None:
    """The newest case about a submission, over or not."""
    return session.scalar(
        select(ReferralCase)
        .where(ReferralCase.submission_id == submission_id)
        .order_by(ReferralCase.opened_at.desc(), ReferralCase.id.desc())
        .limit(1)
    )


def is_preserved(session: Session, submission_id: uuid.UUID) -> bool:
    """Whether it is evidence in a case that isn't over, so that nothing of it may be erased, replaced or withdrawn."""
    return standing_case(session, submission_id) is not None


def handovers_of(session: Session, case_id: uuid.UUID) -> Sequence[Handover]:
    """Oldest first."""
    return session.scalars(
        select(Handover).where(Handover.case_id == case_id).order_by(Handover.handed_over_at, Handover.id)
    ).all()


def most_pressing_first(session: Session, state: ReferralState, after: Key | None, limit: int) -> Page[ReferralCase]:
    """Cases in one state, the one that is due first at the top."""
    query = select(ReferralCase).where(ReferralCase.state == state)
    if after:
        query = query.where(tuple_(ReferralCase.due_at, ReferralCase.id) > tuple_(after.at, after.id))
    rows = session.scalars(query.order_by(ReferralCase.due_at, ReferralCase.id).limit(limit + 1)).all()
    return page_of(rows, limit, lambda row: Key(row.due_at, row.id))


def waiting_and_overdue(session: Session, now: datetime) -> tuple[int, int]:
    """How many cases wait for their handover, and how many of these have waited too long."""
    waiting = ReferralCase.state.in_([ReferralState.OPEN, ReferralState.IN_HAND])
    late = func.count().filter(ReferralCase.due_at < now)
    row = session.execute(select(func.count(), late).select_from(ReferralCase).where(waiting)).one()
    return row[0], row[1]
