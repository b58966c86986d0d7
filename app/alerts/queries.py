from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from app.alerts.models import Alert
from app.kit.paging import Key, Page, page_of


def latest(session: Session, before: Key | None, limit: int) -> Page[Alert]:
    """Newest first, settled ones too."""
    query = select(Alert).order_by(Alert.raised_at.desc(), Alert.id.desc()).limit(limit + 1)
    if before:
        query = query.where(tuple_(Alert.raised_at, Alert.id) < tuple_(before.at, before.id))
    return page_of(session.scalars(query).all(), limit, lambda alert: Key(alert.raised_at, alert.id))


def to_mail(session: Session, since: datetime) -> Sequence[Alert]:
    """What nobody has been told of by mail, and nobody has settled; nothing from before `since`."""
    return session.scalars(
        select(Alert)
        .where(Alert.mailed_at.is_(None), Alert.settled_at.is_(None), Alert.raised_at >= since)
        .order_by(Alert.raised_at, Alert.id)
    ).all()


def mark_mailed(session: Session, alerts: Sequence[Alert], at: datetime) -> None:
    session.execute(update(Alert).where(Alert.id.in_([alert.id for alert in alerts])).values(mailed_at=at))
