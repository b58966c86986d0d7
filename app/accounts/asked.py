"""What a program asked, for its own developers: route, outcome and request id, never what was in a request."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import ApiRequest
from app.kit.paging import Key, Page, page_of

KEPT_FOR = timedelta(days=30)


def note(session: Session, row: ApiRequest) -> None:
    session.add(row)


def of_client(session: Session, client_id: str, before: Key | None, limit: int) -> Page[ApiRequest]:
    """The client's requests, the newest first."""
    query = select(ApiRequest).where(ApiRequest.client_id == client_id)
    if before is not None:
        older = and_(ApiRequest.at == before.at, ApiRequest.id < before.id)
        query = query.where(or_(ApiRequest.at < before.at, older))
    rows: Sequence[ApiRequest] = session.scalars(
        query.order_by(ApiRequest.at.desc(), ApiRequest.id.desc()).limit(limit + 1)
    ).all()
    return page_of(rows, limit, lambda row: Key(row.at, row.id))


def forget_old(session: Session, now: datetime) -> None:
    """Drops what is older than KEPT_FOR."""
    session.execute(delete(ApiRequest).where(ApiRequest.at < now - KEPT_FOR))
