"""Writing the files that were ordered: what a worker notes down, in short transactions, of what it does outside of any.

One worker writes one order at a time, under a lease that each step makes longer. Where it dies the lease ends, and the
order is begun again from its first row: an order is ready only when its last piece is kept.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, insert, or_, select
from sqlalchemy.orm import Session, aliased

from app import audit
from app.exports import ledger
from app.exports.lifecycle import HAS_FILE, LIFECYCLE, OrderEvent, OrderState
from app.exports.models import ExportOrder, ExportPiece, Frozen, OrderedRecord
from app.permissions import Actor, ActorKind

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5
KEPT_FOR = timedelta(hours=72)
KEPT_FOR_WITH_IDENTITIES = timedelta(hours=24)
APPROVED_WITHIN = timedelta(days=7)
EXPIRED_AT_ONCE = 50
WRITER = Actor(ActorKind.WORKER, "exports", frozenset())


class Stopped(Exception):
    """The order isn't this worker's any more: it was given up, exports were stopped, or another worker has it."""


@dataclass(frozen=True)
class Holding:
    """One begun order, and which beginning it is."""

    order_id: uuid.UUID
    attempt: int


@dataclass(frozen=True)
class Piece:
    """A stretch of the file that is kept already."""

    place: int
    sha256: str
    size: int


@dataclass(frozen=True)
class Far:
    """Rows written, pieces kept since the last time, and the submissions whose senders the next rows name."""

    rows: int
    total: int | None = None
    pieces: Sequence[Piece] = ()
    about: Sequence[uuid.UUID] = ()


def is_waiting(session: Session, at: datetime) -> bool:
    """Whether `claim` may find something; asked first, because it changes nothing."""
    return not ledger.is_frozen(session, Frozen.EXPORTS) and session.scalar(_next(at)) is not None


def claim(session: Session, at: datetime) -> ExportOrder | None:
    """The order that has waited longest, now held for LEASE; None while exports are stopped or nothing waits.

    Nobody has two written at once. One that was begun MOST_ATTEMPTS times without an end has failed.
    """
    query = _next(at).with_for_update(skip_locked=True)
    order = None if ledger.is_frozen(session, Frozen.EXPORTS) else session.scalar(query)
    if order is None:
        return None
    if order.attempts >= MOST_ATTEMPTS:
        _fail(session, at, order, "TooManyAttempts")
        return None
    order.state = LIFECYCLE.after(order.state, OrderEvent.BEGIN)
    order.attempts, order.leased_until, order.rows, order.total = order.attempts + 1, at + LEASE, 0, None
    return order


def forget_pieces(session: Session, order_ids: Sequence[uuid.UUID]) -> None:
    """What was kept of their files is nobody's any more."""
    session.execute(delete(ExportPiece).where(ExportPiece.order_id.in_(order_ids)))


def advance(session: Session, at: datetime, held: Holding, far: Far) -> None:
    """Notes how far it is, and makes the lease longer. Raises Stopped, also while exports are stopped."""
    order = _held(session, held)
    if ledger.is_frozen(session, Frozen.EXPORTS):
        raise Stopped
    order.rows, order.leased_until = far.rows, at + LEASE
    order.total = order.total if far.total is None else far.total
    session.add_all(
        ExportPiece(order_id=order.id, place=piece.place, sha256=piece.sha256, size=piece.size) for piece in far.pieces
    )
    _note_about(session, order.id, far.about)


def put_back(session: Session, held: Holding) -> None:
    """The order waits again, as if it hadn't been begun; nothing happens where it isn't this worker's any more."""
    order = _found(session, held)
    if order is not None:
        order.attempts -= 1
        order.state, order.leased_until = LIFECYCLE.after(order.state, OrderEvent.PUT_BACK), None
        order.rows, order.total = 0, None


def finish(session: Session, at: datetime, held: Holding, *, rows: int, size: int) -> None:
    """The file can be taken until it expires. Raises Stopped."""
    order = _held(session, held)
    if ledger.is_frozen(session, Frozen.EXPORTS):
        raise Stopped
    order.state = LIFECYCLE.after(order.state, OrderEvent.FINISH)
    order.rows = order.total = rows
    order.size, order.ended_at, order.leased_until, order.slot = size, at, None, None
    order.expires_at = at + (KEPT_FOR_WITH_IDENTITIES if order.columns else KEPT_FOR)
    _record(session, at, "export.written", order, rows=rows)


def fail(session: Session, at: datetime, held: Holding, failure: str) -> None:
    """It can't be written; `failure` names the kind of fault and its place, never what a person wrote."""
    order = _found(session, held)
    if order is not None:
        _fail(session, at, order, failure)


def is_expiring(session: Session, at: datetime) -> bool:
    """Whether `expire` finds something."""
    return session.scalar(select(ExportOrder.id).where(_is_over(at)).limit(1)) is not None


def expire(session: Session, at: datetime) -> Sequence[uuid.UUID]:
    """Files whose time is over can't be taken any more, and what nobody approved in time is closed; which they were."""
    due = select(ExportOrder).where(_is_over(at)).limit(EXPIRED_AT_ONCE).with_for_update(skip_locked=True)
    orders = session.scalars(due).all()
    for order in orders:
        order.state, order.slot = LIFECYCLE.after(order.state, OrderEvent.EXPIRE), None
        _record(session, at, "export.expired", order)
    return [order.id for order in orders]


def left_over(session: Session, most: int) -> Sequence[ExportPiece]:
    """Pieces of files that nobody can take."""
    alive = select(ExportOrder.id).where(ExportOrder.state.in_((*HAS_FILE, OrderState.RUNNING)))
    return session.scalars(select(ExportPiece).where(ExportPiece.order_id.not_in(alive)).limit(most)).all()


def forget(session: Session, pieces: Iterable[ExportPiece]) -> None:
    """Those pieces, whose contents are gone."""
    keys = [piece.sha256 for piece in pieces]
    session.execute(delete(ExportPiece).where(ExportPiece.sha256.in_(keys)))


def _next(at: datetime) -> Select[ExportOrder]:
    """What is to be begun next: neither of anybody who has one written already, nor of a worker that is alive."""
    other = aliased(ExportOrder)
    busy = select(other.asked_by).where(other.state == OrderState.RUNNING, other.leased_until > at)
    left_behind = and_(ExportOrder.state == OrderState.RUNNING, ExportOrder.leased_until <= at)
    waits = and_(ExportOrder.state == OrderState.QUEUED, ExportOrder.asked_by.not_in(busy))
    return select(ExportOrder).where(or_(waits, left_behind)).order_by(ExportOrder.asked_at, ExportOrder.id).limit(1)


def _is_over(at: datetime) -> ColumnElement[bool]:
    return or_(
        and_(ExportOrder.state.in_(HAS_FILE), ExportOrder.expires_at <= at),
        and_(ExportOrder.state == OrderState.ASKED, ExportOrder.asked_at <= at - APPROVED_WITHIN),
    )


def _held(session: Session, held: Holding) -> ExportOrder:
    order = _found(session, held)
    if order is None:
        raise Stopped
    return order


def _found(session: Session, held: Holding) -> ExportOrder | None:
    query = select(ExportOrder).where(
        ExportOrder.id == held.order_id,
        ExportOrder.attempts == held.attempt,
        ExportOrder.state == OrderState.RUNNING,
    )
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _fail(session: Session, at: datetime, order: ExportOrder, failure: str) -> None:
    order.state = LIFECYCLE.after(order.state, OrderEvent.FAIL)
    order.failure, order.ended_at, order.leased_until, order.slot = failure[:80], at, None, None
    _record(session, at, "export.failed", order, error=order.failure)


def _note_about(session: Session, order_id: uuid.UUID, about: Sequence[uuid.UUID]) -> None:
    """A run that was cut off may have noted some of them already."""
    if not about:
        return
    noted = select(OrderedRecord.record_id).where(
        OrderedRecord.order_id == order_id, OrderedRecord.record_id.in_(about)
    )
    known = set(session.scalars(noted))
    new = [{"order_id": order_id, "record_id": id} for id in about if id not in known]
    if new:
        session.execute(insert(OrderedRecord), new)


def _record(session: Session, at: datetime, action: str, order: ExportOrder, **detail: Any) -> None:
    on = ("export_order", order.id)
    audit.record(session, WRITER, at, action, on, within=order.consultation_id, order=order.number, **detail)
