import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.exports.lifecycle import OrderState
from app.exports.models import Export, ExportedRecord, ExportOrder, ExportPiece, Freeze, OrderedRecord
from app.kit.errors import NotFound
from app.kit.paging import Key, Page, page_of

ORDERED = "submission"
"""The kind of record that the files of orders name people of."""


@dataclass(frozen=True)
class TakenOut:
    """A record about a person that left in an export."""

    at: datetime
    actor_id: str
    what: str
    record_id: str


def holding(session: Session) -> Sequence[Freeze]:
    """The stops that hold now."""
    return session.scalars(select(Freeze).where(Freeze.lifted_at.is_(None)).order_by(Freeze.at)).all()


def records(
    session: Session, kind: str, since: datetime, until: datetime, actors: Sequence[str], most: int
) -> Sequence[TakenOut]:
    """Records of one kind that left in that time, by everybody or by those; the newest first, at most so many."""
    left = _left(ExportedRecord.record_id, since, until, actors, most).join(
        ExportedRecord, ExportedRecord.export_id == Export.id
    )
    found = [TakenOut(*row) for row in session.execute(left.where(ExportedRecord.record_kind == kind))]
    if kind == ORDERED:
        ordered = _left(OrderedRecord.record_id, since, until, actors, most).join(
            OrderedRecord, OrderedRecord.order_id == Export.order_id
        )
        found += [TakenOut(at, by, what, str(id)) for at, by, what, id in session.execute(ordered)]
    return sorted(found, key=lambda row: (row.at, row.record_id), reverse=True)[:most]


def order(session: Session, order_id: uuid.UUID) -> ExportOrder:
    """Raises NotFound."""
    found = session.scalar(select(ExportOrder).where(ExportOrder.id == order_id))
    if found is None:
        raise NotFound("no_such_export")
    return found


def by_number(session: Session, number: str) -> ExportOrder:
    """Raises NotFound."""
    found = session.scalar(select(ExportOrder).where(ExportOrder.number == number))
    if found is None:
        raise NotFound("no_such_export")
    return found


def orders(session: Session, before: Key | None, limit: int, asked_by: str | None = None) -> Page[ExportOrder]:
    """Everybody's or one person's, the newest first."""
    query = select(ExportOrder).order_by(ExportOrder.asked_at.desc(), ExportOrder.id.desc()).limit(limit + 1)
    if asked_by is not None:
        query = query.where(ExportOrder.asked_by == asked_by)
    if before is not None:
        query = query.where(tuple_(ExportOrder.asked_at, ExportOrder.id) < tuple_(before.at, before.id))
    return page_of(session.scalars(query).all(), limit, lambda row: Key(row.asked_at, row.id))


def waiting(session: Session, limit: int) -> Sequence[ExportOrder]:
    """Orders that wait for somebody's approval, the oldest first."""
    query = select(ExportOrder).where(ExportOrder.state == OrderState.ASKED)
    return session.scalars(query.order_by(ExportOrder.asked_at, ExportOrder.id).limit(limit)).all()


def pieces(session: Session, order_id: uuid.UUID) -> Sequence[ExportPiece]:
    """Of the file, in order."""
    query = select(ExportPiece).where(ExportPiece.order_id == order_id)
    return session.scalars(query.order_by(ExportPiece.place)).all()


def referred_to(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of the keys under which a piece of a file is kept."""
    return set(session.scalars(select(ExportPiece.sha256).where(ExportPiece.sha256.in_(keys))))


def _left(
    record_id: InstrumentedAttribute[Any], since: datetime, until: datetime, actors: Sequence[str], most: int
) -> Select[Any]:
    query = (
        select(Export.at, Export.actor_id, Export.what, record_id)
        .where(Export.at >= since, Export.at < until)
        .order_by(Export.at.desc(), record_id)
        .limit(most)
    )
    return query.where(Export.actor_id.in_(actors)) if actors else query
