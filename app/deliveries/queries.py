from collections.abc import Sequence

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.deliveries.lifecycle import DeliveryState
from app.deliveries.models import Delivery
from app.kit.paging import Key, Page, page_of

NOT_REACHED = (DeliveryState.FAILED, DeliveryState.DEAD, DeliveryState.NOT_POSSIBLE)


def state_counts(session: Session, about: tuple[str, object]) -> dict[DeliveryState, int]:
    """State → number of messages about one record; every state is there."""
    rows = session.execute(
        select(Delivery.state, func.count())
        .where(Delivery.about_kind == about[0], Delivery.about_id == str(about[1]))
        .group_by(Delivery.state)
    )
    return dict.fromkeys(DeliveryState, 0) | {row[0]: row[1] for row in rows}


def not_reached(session: Session, about: tuple[str, object], after: Key | None, limit: int) -> Page[Delivery]:
    """Messages about one record that will not be tried again by themselves, oldest promise first."""
    query = (
        select(Delivery)
        .where(Delivery.about_kind == about[0], Delivery.about_id == str(about[1]), Delivery.state.in_(NOT_REACHED))
        .order_by(Delivery.promised_at, Delivery.id)
        .limit(limit + 1)
    )
    if after:
        query = query.where(tuple_(Delivery.promised_at, Delivery.id) > tuple_(after.at, after.id))
    return page_of(session.scalars(query).all(), limit, lambda row: Key(row.promised_at, row.id))


def of_recipients(
    session: Session, kind: str, ids: Sequence[object], templates: Sequence[str]
) -> dict[DeliveryState, int]:
    """State → number of messages of these templates to these records; only states that there are."""
    rows = session.execute(
        select(Delivery.state, func.count())
        .where(
            Delivery.recipient_kind == kind,
            Delivery.recipient_id.in_([str(each) for each in ids]),
            Delivery.template.in_(templates),
        )
        .group_by(Delivery.state)
    )
    return {row[0]: row[1] for row in rows}


def count_waiting(session: Session) -> int:
    """Messages that are promised and not yet settled."""
    return (
        session.scalar(select(func.count()).select_from(Delivery).where(Delivery.state == DeliveryState.PENDING)) or 0
    )
