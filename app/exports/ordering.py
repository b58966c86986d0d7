"""Ordering files of data: asking, approving by a second person, giving up, and taking what was written."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.exports import ledger
from app.exports.lifecycle import (
    LIFECYCLE,
    ExportFormat,
    ExportKind,
    IdentityColumn,
    OrderEvent,
    OrderState,
)
from app.exports.models import Export, ExportOrder
from app.kit.clock import beijing_day
from app.kit.errors import Conflict, Forbidden, Gone, NotFound, Unprocessable
from app.kit.identifiers import base32
from app.kit.reasons import due, optional
from app.permissions import Actor, Permission, require

NUMBER_BYTES = 4


@dataclass(frozen=True)
class Wanted:
    """What a file is to hold: what arrived at `since` or later and before `until`, in one state or in any."""

    kind: ExportKind
    format: ExportFormat
    consultation_id: uuid.UUID
    purpose: str
    columns: Sequence[IdentityColumn] = ()
    since: datetime | None = None
    until: datetime | None = None
    only_state: str | None = None


def ask(session: Session, actor: Actor, at: datetime, wanted: Wanted) -> ExportOrder:
    """Orders the file of what has arrived by now; one with identities waits for a second person's approval.

    Raises NotFound, Conflict("exports_frozen", "export_under_way"), Unprocessable("purpose_required",
    "reason_too_long", "columns_required", "period_reversed").
    """
    require(actor, Permission.EXPORT_DATA)
    require(actor, Permission.EXPORT_DATA, within=wanted.consultation_id)
    names_people = wanted.kind is ExportKind.IDENTITIES or bool(wanted.kind is ExportKind.ARCHIVE and wanted.columns)
    if names_people:
        require(actor, Permission.UNLOCK_IDENTITY, within=wanted.consultation_id)
    state = OrderState.ASKED if names_people else OrderState.QUEUED
    ledger.refuse_frozen(session)
    purpose = due(wanted.purpose, "purpose_required")
    _check(wanted)
    order = ExportOrder(
        number=_number(at),
        kind=wanted.kind,
        format=wanted.format,
        consultation_id=wanted.consultation_id,
        columns=[column.value for column in IdentityColumn if names_people and column in wanted.columns],
        since=wanted.since,
        until=wanted.until,
        only_state=wanted.only_state,
        purpose=purpose,
        state=state,
        slot=_free_slot(session, actor, names_people=names_people),
        asked_by=actor.id,
        asked_at=at,
        rows=0,
        attempts=0,
    )
    session.add(order)
    session.flush()
    audit.record(
        session,
        actor,
        at,
        "export.asked",
        _about(order),
        within=order.consultation_id,
        order=order.number,
        kind=order.kind.value,
        purpose=purpose,
        columns=order.columns,
    )
    return order


def approve(session: Session, actor: Actor, at: datetime, order_id: uuid.UUID, remark: str = "") -> None:
    """Lets the file with identities be written.

    Raises NotFound, Forbidden("own_export"), Conflict("exports_frozen").
    """
    require(actor, Permission.APPROVE_EXPORTS)
    order = _decidable(session, actor, order_id)
    ledger.refuse_frozen(session)
    order.state = LIFECYCLE.after(order.state, OrderEvent.APPROVE)
    order.decided_by, order.decided_at, order.decision = actor.id, at, optional(remark)
    audit.record(
        session,
        actor,
        at,
        "export.approved",
        _about(order),
        within=order.consultation_id,
        order=order.number,
        remark=order.decision,
    )


def refuse(session: Session, actor: Actor, at: datetime, order_id: uuid.UUID, reason: str) -> None:
    """The file is not written. Raises NotFound, Forbidden("own_export"), Unprocessable without a reason."""
    require(actor, Permission.APPROVE_EXPORTS)
    order = _decidable(session, actor, order_id)
    words = due(reason)
    order.state = LIFECYCLE.after(order.state, OrderEvent.REFUSE)
    order.decided_by, order.decided_at, order.decision = actor.id, at, words
    order.slot, order.ended_at = None, at
    audit.record(
        session,
        actor,
        at,
        "export.refused",
        _about(order),
        within=order.consultation_id,
        order=order.number,
        reason=words,
    )


def cancel(session: Session, actor: Actor, at: datetime, order_id: uuid.UUID) -> None:
    """The file is not written any further, or a written one is done away with; for whoever asked for it alone."""
    require(actor, Permission.EXPORT_DATA)
    order = _own(session, actor, order_id)
    order.state = LIFECYCLE.after(order.state, OrderEvent.CANCEL)
    order.slot, order.leased_until, order.ended_at = None, None, at
    audit.record(
        session,
        actor,
        at,
        "export.cancelled",
        _about(order),
        within=order.consultation_id,
        order=order.number,
    )


def take(session: Session, actor: Actor, at: datetime, order_id: uuid.UUID) -> ExportOrder:
    """Keeps that the file leaves now, with whoever asked for it; durable before its first byte does.

    The records about a person are those that were noted while the file was written.

    Raises NotFound for another's order, Forbidden without the permission that its columns ask for, Conflict
    ("exports_frozen"), Gone("export_expired") after its time.
    """
    require(actor, Permission.EXPORT_DATA)
    order = _own(session, actor, order_id)
    if order.columns:
        require(actor, Permission.UNLOCK_IDENTITY, within=order.consultation_id)
    if order.expires_at is not None and order.expires_at <= at:
        raise Gone("export_expired")
    ledger.refuse_frozen(session)
    order.state = LIFECYCLE.after(order.state, OrderEvent.TAKE)
    what, number = order.kind.value, order.rows
    made = Export(at=at, actor_kind=actor.kind, actor_id=actor.id, what=what, number=number, order_id=order.id)
    session.add(made)
    audit.record(
        session,
        actor,
        at,
        "export.made",
        _about(order),
        within=order.consultation_id,
        order=order.number,
        what=what,
        number=number,
    )
    return order


def _check(wanted: Wanted) -> None:
    if wanted.kind is ExportKind.IDENTITIES and not wanted.columns:
        raise Unprocessable("columns_required")
    if wanted.since and wanted.until and wanted.since >= wanted.until:
        raise Unprocessable("period_reversed")


def _free_slot(session: Session, actor: Actor, *, names_people: bool) -> str:
    slot = f"{actor.id}/{'identities' if names_people else 'plain'}"
    if session.scalar(select(ExportOrder.id).where(ExportOrder.slot == slot)) is not None:
        raise Conflict("export_under_way")
    return slot


def _number(at: datetime) -> str:
    """To be read aloud and to be found again: the day in Beijing and random letters."""
    return f"DC{beijing_day(at):%Y%m%d}-{base32(secrets.token_bytes(NUMBER_BYTES))}"


def _held(session: Session, order_id: uuid.UUID) -> ExportOrder:
    query = select(ExportOrder).where(ExportOrder.id == order_id).with_for_update()
    order = session.scalar(query.execution_options(populate_existing=True))
    if order is None:
        raise NotFound("no_such_export")
    return order


def _own(session: Session, actor: Actor, order_id: uuid.UUID) -> ExportOrder:
    order = _held(session, order_id)
    if order.asked_by != actor.id:
        raise NotFound("no_such_export")
    require(actor, Permission.EXPORT_DATA, within=order.consultation_id)
    return order


def _decidable(session: Session, actor: Actor, order_id: uuid.UUID) -> ExportOrder:
    order = _held(session, order_id)
    require(actor, Permission.APPROVE_EXPORTS, within=order.consultation_id)
    if order.asked_by == actor.id:
        raise Forbidden("own_export")
    return order


def _about(order: ExportOrder) -> tuple[str, uuid.UUID]:
    return "export_order", order.id
